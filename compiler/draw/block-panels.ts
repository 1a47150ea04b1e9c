import { mergedForm, writtenForm } from "./block-forms.ts";
import type { Drawing } from "./drawing.ts";
import { panel, panelRoom, type LeastSize } from "./panel.ts";
import { quantizersOf } from "./quantizer-list.ts";
import { quantizerTable } from "./quantizer-table.ts";
import type { Piece } from "./shapes.ts";
import { row } from "./stack.ts";
import type { Unit } from "./units.ts";

/** What a policy means for the branches and for what they become. */
export interface FormNotes {
  readonly written: string;
  readonly merged: string;
}

/** What the two forms of a block are used for. */
export function formNotes({ nodes, ids }: Unit, drawing: Drawing): FormNotes {
  const { on, policy, quantizers, trainsMerged } = drawing;
  const first = nodes.findIndex(({ kind }) => kind === "island");
  const { input, kernel } = quantizers.get(ids[first] ?? -1) ?? {};
  const [x, k] = [input ? "Q(x)" : "x", kernel ? "Q(K)" : "K"];
  const isQuantized = input !== undefined || kernel !== undefined;
  if (policy !== "" && on === "after_merge")
    return {
      written: "as trained first, in floating point",
      merged: `${x} * ${k} + b, as trained on and as deployed`,
    };
  if (isQuantized && on === "branches")
    return {
      written: "as trained, each convolution quantized",
      merged: "x * K + b, as deployed in floating point",
    };
  return isQuantized || trainsMerged
    ? {
        written: "as written; W are its weights",
        merged: `${x} * ${k} + b, as trained and as deployed`,
      }
    : { written: "as trained", merged: "x * K + b, as deployed" };
}

export const panelGap = 16;

/** Three panels: the branches, the merged convolution, the quantizers. */
export function blockPanels(drawing: Drawing, units: readonly Unit[]): Piece {
  const unit = units.find(({ nodes }) => nodes[0]?.kind !== "input");
  if (!unit) throw new Error("repqc bug: a block without nodes");
  const notes = formNotes(unit, drawing);
  const written = writtenForm(unit, drawing);
  const merged = mergedForm(unit, drawing);
  const draw = (height: number) => [
    panel({ letter: "a", heading: "Branches", note: notes.written }, written, { height }),
    panel({ letter: "b", heading: "Merged", note: notes.merged }, merged, { height }),
    ...(hasQuantizers(drawing) ? [quantizerPanel(drawing, "c", { height })] : []),
  ];
  const height = Math.max(...draw(0).map((one) => one.height));
  return row(draw(height), panelGap);
}

/** A policy may have statistics alone. */
export function hasQuantizers({ quantizers }: Drawing): boolean {
  return [...quantizers.values()].some(({ input, kernel }) => input ?? kernel);
}

/** The table of quantizers. */
export function quantizerPanel(drawing: Drawing, letter: string, least: LeastSize): Piece {
  const all = quantizersOf(drawing);
  const note = `${drawing.policy}: ${all.length === 1 ? "1 step" : `${all.length} steps`} to learn`;
  return panel(
    { letter, heading: "Quantizers", note },
    quantizerTable(all, panelRoom(least)),
    least,
    "left",
  );
}
