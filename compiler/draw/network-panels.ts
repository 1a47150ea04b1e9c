import { channelsOf } from "../ir/index.ts";
import { captioned, mergedForm, writtenForm } from "./block-forms.ts";
import { formNotes, hasQuantizers, panelGap, quantizerPanel } from "./block-panels.ts";
import type { Drawing } from "./drawing.ts";
import { kindsOf, type Kind } from "./kinds.ts";
import { networkPiece } from "./network-piece.ts";
import { panel, type LeastSize } from "./panel.ts";
import type { Piece } from "./shapes.ts";
import { column, row } from "./stack.ts";
import { inputsOf, type Unit } from "./units.ts";

type DrawPanel = (least: LeastSize) => Piece;

const betweenForms = 44;

/** A network: the column of its blocks, each kind of block in detail, the quantizers. */
export function networkPanels(drawing: Drawing, units: readonly Unit[]): Piece {
  const kinds = kindsOf(units, drawing);
  const note = kinds.length > 0 ? "letters: kinds of blocks, drawn beside" : "";
  const network = panel({ heading: "Network", note }, networkPiece(drawing, units, kinds));
  const details: readonly DrawPanel[] = [
    ...kinds.map((kind) => (least: LeastSize) => detailPanel(kind, drawing, least)),
    ...(!hasQuantizers(drawing) ? [] : [(least: LeastSize) => quantizerPanel(drawing, "", least)]),
  ];
  return row([network, ...columnsOfPanels(details, network)], panelGap);
}

function detailPanel(kind: Kind, drawing: Drawing, least: LeastSize): Piece {
  const { letter, example, units } = kind;
  const notes = formNotes(example, drawing);
  const forms = row(
    [
      captioned(writtenForm(example, drawing), notes.written),
      captioned(mergedForm(example, drawing), notes.merged),
    ],
    betweenForms,
  );
  const others = units.length === 1 ? "" : `, and ${units.length - 1} more with these branches`;
  const note = `${pathOf(example)}${others}`;
  return panel({ letter, heading: headingOf(example, drawing), note }, forms, least);
}

function headingOf({ nodes }: Unit, { model }: Drawing): string {
  const [first] = nodes;
  if (first?.kind !== "island") throw new Error("repqc bug: a kind of block without an island");
  const input = model.nodes[inputsOf(first)[0] ?? 0];
  const entering = input ? channelsOf(input.type) : first.body.in;
  const leaving = first.body.out;
  const channels = entering === leaving ? String(leaving) : `${entering} to ${leaving}`;
  return `${first.label}, ${channels} channels`;
}

function pathOf({ nodes }: Unit): string {
  const [first] = nodes;
  return first && "path" in first ? first.path : "";
}

const mostColumns = 3;
/** Width by height of a page that suits screens and papers. */
const bestAspect = 1.45;

/** In as many columns as leave least of the page empty and suit its aspect. */
function columnsOfPanels(panels: readonly DrawPanel[], network: Piece): readonly Piece[] {
  const heights = panels.map((draw) => draw({}).height);
  const counts = Array.from({ length: Math.min(mostColumns, panels.length) }, (_, i) => i + 1);
  const layouts = counts.map((count) =>
    shared(heights, count).map(({ first, end }) => columnOf(panels.slice(first, end))),
  );
  const cost = (columns: readonly Piece[]) => {
    const { width, height } = row([network, ...columns], panelGap);
    return width * height * (1 + 0.5 * Math.abs(Math.log(width / height / bestAspect)));
  };
  return layouts.toSorted((a, b) => cost(a) - cost(b))[0] ?? [];
}

function columnOf(panels: readonly DrawPanel[]): Piece {
  const width = Math.max(...panels.map((draw) => draw({}).width));
  return column(
    panels.map((draw) => draw({ width })),
    panelGap,
  );
}

interface Share {
  readonly first: number;
  readonly end: number;
  readonly height: number;
}

/** Heights in their order dealt into at most so many columns, the tallest as low as it gets. */
function shared(heights: readonly number[], count: number): readonly Share[] {
  const total = heights.reduce((a, b) => a + b + panelGap, 0);
  let [low, high] = [Math.max(0, ...heights), total];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (dealt(heights, middle).length <= count) high = middle;
    else low = middle;
  }
  return dealt(heights, high);
}

function dealt(heights: readonly number[], most: number): readonly Share[] {
  const shares: Share[] = [];
  heights.forEach((height, index) => {
    const last = shares.at(-1);
    if (last && last.height + panelGap + height <= most) {
      shares[shares.length - 1] = {
        ...last,
        end: index + 1,
        height: last.height + panelGap + height,
      };
    } else shares.push({ first: index, end: index + 1, height });
  });
  return shares;
}
