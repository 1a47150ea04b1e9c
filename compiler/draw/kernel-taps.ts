import { arrays, tapAt } from "../algebra/arrays.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import { declarationsOf, reachOfTaps, type AffineStep, type Promised } from "../ir/index.ts";
import type { Taps } from "./shapes.ts";

/** Larger kernels are no longer readable as pictures. */
const mostSide = 9;

/** The picture of a step's kernel: learned taps are all one, fixed ones what they are; nothing for ops without taps. */
export function tapsOf(step: AffineStep): Taps["rows"] | undefined {
  const { op, params } = step;
  const size = op.taps(params);
  const isLearned = declarationsOf(step)["kernel"] !== undefined;
  if (!op.hasKernel || (!isLearned && size.height * size.width === 1)) return undefined;
  return spaced(isLearned ? learnedTaps(size) : fixedTaps(step, size), op.dilation(params));
}

/** All taps of a promised kernel. */
export function fullTaps({
  size,
  dilation,
}: Pick<Promised, "size" | "dilation">): Taps["rows"] | undefined {
  return spaced(learnedTaps(size), dilation);
}

function learnedTaps(size: Size): Taps["rows"] {
  return grid(size, () => 1);
}

/** With what lies between them; nothing where that is too much. */
function spaced(taps: Taps["rows"], dilation: number): Taps["rows"] | undefined {
  const size = { height: taps.length, width: taps[0]?.length ?? 0 };
  const reach = reachOfTaps(size, dilation);
  if (Math.max(reach.height, reach.width) > mostSide) return undefined;
  return grid(reach, (row, column) => taps[row / dilation]?.[column / dilation] ?? 0);
}

/** Of a filter whose taps differ from channel to channel, the first channel's. */
function fixedTaps({ op, params }: AffineStep, size: Size): Taps["rows"] {
  const { kernel } = op.affine(arrays, {}, params, { in: 1, out: 1 });
  if (!kernel) throw new Error("repqc bug: an op with taps and no kernel");
  const taps = grid(size, (row, column) => tapAt(kernel, row, column, 0, 0));
  const largest = Math.max(...taps.flat().map(Math.abs));
  return taps.map((row) => row.map((tap) => (largest === 0 ? 0 : tap / largest)));
}

function grid({ height, width }: Size, tap: (row: number, column: number) => number) {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => tap(row, column)),
  );
}
