import { readGeometry, reachOfTaps, type ConvGeometry } from "../../compiler/ir/conv-geometry.ts";
import type { Argument } from "../../compiler/ir/plan.ts";
import { attribute, literal, type Lowering } from "../interpreter/lowering.ts";
import { hasKernel, measure, yieldMoments, type Measured } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const sampled: StatisticsMode = {
  name: "sampled",
  doc:
    "As `batch`, of the share `images` (above 0, at most 1) of the batch's images, of every `lattice`-th row and column of positions, or of both; " +
    "the running ones follow.",
  lower(l) {
    const { images, lattice } = l.instruction.attributes;
    const some = images === undefined ? l.argument(0) : firstImages(l, literal(images));
    const isMap = l.type(0).kind === "map";
    if (typeof lattice === "number" && isMap) {
      const sample = onLattice(l, some, lattice);
      yieldMoments(l, sample, measure(l, sample, onFoldedKernel(l, lattice)), lattice);
    } else yieldMoments(l, some, measure(l, some));
  },
};

function firstImages(l: Lowering, share: Argument): Argument {
  return l.shared("firstImages", [l.argument(0), share])[0]!;
}

function onLattice(l: Lowering, x: Argument, lattice: number): Argument {
  const { stride, pads, dilation } = windowsOf(l);
  const { height, width } = reachOfTaps(tapsOf(l), dilation);
  const windows = literal({ stride, pads, size: [height, width], folds: folds(l) });
  const args = [x, windows, literal(lattice), { given: "draw" } as const, attribute(l, "path")];
  return l.shared("sampleLattice", args)[0]!;
}

/** The sample is padded already; where it is folded, the kernel is too, and the stride is none. */
function onFoldedKernel(l: Lowering, lattice: number): Measured {
  const { stride, groups, dilation } = windowsOf(l);
  const distance = stride * lattice;
  const pads = [0, 0, 0, 0] as const;
  if (!folds(l)) return { windows: { stride: distance, pads, groups, dilation } };
  const windows = { stride: 1, pads, groups, dilation: 1 };
  if (!hasKernel(l)) return { windows };
  const [kernel] = l.shared("foldKernel", [l.argument(1), literal(distance)]);
  return { kernel: kernel!, windows };
}

/**
 * Groups do not survive folding, but for single pixels, where nothing is folded. A kernel with gaps is not folded either: a stride that its
 * dilation divides already leaves out what lies between.
 */
function folds(l: Lowering): boolean {
  const { groups, dilation } = windowsOf(l);
  const { height, width } = tapsOf(l);
  return dilation === 1 && (groups === 1 || height * width === 1);
}

function tapsOf(l: Lowering): { readonly height: number; readonly width: number } {
  const kernel = l.type(1);
  return hasKernel(l) && kernel.kind === "kernel" ? kernel : { height: 1, width: 1 };
}

function windowsOf(l: Lowering): ConvGeometry {
  return readGeometry(l.instruction.attributes);
}
