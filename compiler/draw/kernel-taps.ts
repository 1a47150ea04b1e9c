import { arrays, tapAt } from "../algebra/arrays.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import { declarationsOf, type AffineStep } from "../ir/index.ts";
import type { Taps } from "./shapes.ts";

/** Larger kernels are no longer readable as pictures. */
const mostSide = 9;

/** The picture of a step's kernel: learned taps are all one, fixed ones what they are; nothing for ops without taps. */
export function tapsOf(step: AffineStep): Taps["rows"] | undefined {
  const { op, params } = step;
  const reach = op.reach(params);
  if (!op.hasKernel || Math.max(reach.height, reach.width) > mostSide) return undefined;
  const isLearned = declarationsOf(step)["kernel"] !== undefined;
  if (isLearned) return spaced(reach, params["size"] as Size | undefined);
  return reach.height * reach.width === 1 ? undefined : fixedTaps(step, reach);
}

/** All taps of a kernel of a promised size. */
export function fullTaps({ height, width }: Size): Taps["rows"] | undefined {
  if (Math.max(height, width) > mostSide) return undefined;
  return spaced({ height, width }, undefined);
}

function spaced(reach: Size, size: Size = reach): Taps["rows"] {
  const pitch = (whole: number, count: number) => (count === 1 ? 1 : (whole - 1) / (count - 1));
  const [down, across] = [pitch(reach.height, size.height), pitch(reach.width, size.width)];
  return grid(reach, (row, column) => (row % down === 0 && column % across === 0 ? 1 : 0));
}

/** Of a filter whose taps differ from channel to channel, the first channel's. */
function fixedTaps({ op, params }: AffineStep, reach: Size): Taps["rows"] {
  const { kernel } = op.affine(arrays, {}, params, { in: 1, out: 1 });
  if (!kernel) throw new Error("repqc bug: an op with taps and no kernel");
  const taps = grid(reach, (row, column) => tapAt(kernel, row, column, 0, 0));
  const largest = Math.max(...taps.flat().map(Math.abs));
  return taps.map((row) => row.map((tap) => (largest === 0 ? 0 : tap / largest)));
}

function grid({ height, width }: Size, tap: (row: number, column: number) => number) {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => tap(row, column)),
  );
}
