import { weightPath } from "../ir/index.ts";
import { badgeHeight, badgePiece, formatOf, rangeOf } from "./badges.ts";
import { runsOf } from "./peers.ts";
import type { Placed } from "./quantizer-list.ts";
import { placed, text, widthOf, type Piece, type Shape } from "./shapes.ts";
import { column, row } from "./stack.ts";
import { shortened } from "./text-width.ts";

const textX = 62;
const widestLine = 250;
const lineHeight = 16;

const entryGap = { x: 34, y: 18 };

/** Every quantizer: those of one setting together, with the paths of their steps; in as many columns as the room is wide enough for. */
export function quantizerTable(quantizers: readonly Placed[], room = 0): Piece {
  const sorted = quantizers.toSorted((a, b) => compare(settingOf(a), settingOf(b)));
  const entries = runsOf(sorted, settingOf).map(entryPiece);
  const widest = Math.max(0, ...entries.map(({ width }) => width));
  const fitting = Math.max(1, Math.floor((room + entryGap.x) / (widest + entryGap.x)));
  const each = Math.ceil(entries.length / fitting);
  const columns = Array.from({ length: Math.ceil(entries.length / each) }, (_, index) =>
    column(entries.slice(index * each, (index + 1) * each), entryGap.y),
  );
  return row(columns, entryGap.x);
}

/** Kernels behind activations, few bits first. */
function settingOf({ of, quantizer }: Placed): string {
  const { bits, low, high, granularity, quantizer: rule } = quantizer;
  return [of === "x" ? 0 : 1, String(bits).padStart(2, "0"), low, high, granularity, rule].join(
    " ",
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function entryPiece(run: readonly Placed[]): Piece {
  const [first] = run;
  if (!first) throw new Error("repqc bug: a group without quantizers");
  const { of, quantizer } = first;
  const paths = run.map((one) => one.quantizer.path);
  const badge = badgePiece(formatOf(quantizer), paths);
  const lines = [
    `${rangeOf(quantizer)}, per ${quantizer.granularity}, ${quantizer.quantizer}`,
    ...pathLines(run),
  ].map((line) => shortened(line, widestLine, 11));
  const shapes: Shape[] = [
    text(of, "name", { x: 0, y: badgeHeight / 2 }),
    ...placed(badge, 18, 0),
    ...lines.map((line, index) =>
      text(line, "note", { x: textX, y: badgeHeight / 2 + index * lineHeight }),
    ),
  ];
  const width = textX + Math.max(...lines.map((line) => widthOf(line, "note")));
  const height = badgeHeight + (lines.length - 1) * lineHeight;
  return { width, height, axis: 0, shapes };
}

const mostPaths = 2;

/** Where steps are learned: a few paths with reasons, or the first, the last and how many. */
function pathLines(run: readonly Placed[]): readonly string[] {
  const steps = run.map(({ quantizer }) => weightPath(quantizer.path, "step"));
  if (run.length > mostPaths) return [`${steps[0]} … ${steps.at(-1)}`, `${run.length} in all`];
  return run.flatMap(({ quantizer }, index) => [steps[index] ?? "", quantizer.reason]);
}
