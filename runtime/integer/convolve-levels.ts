import { dotProducts, type Window } from "./dot-products.ts";
import { kernelRows, largestRow, unpackSums } from "./kernel-rows.ts";
import { padLevels } from "./pad-levels.ts";
import type { Levels } from "./value.ts";

/** As in the IR: `pads` are top, bottom, left, right. */
export interface ConvAttributes {
  readonly stride: number;
  readonly pads: readonly number[];
  readonly groups: number;
}

export interface Sums {
  /** NHWC, or [batch, channels] when the input is. */
  readonly shape: readonly number[];
  /** Σ levels·levels, exact: integers below 2^53. Doubles show an overflow of 32 bits instead of wrapping. */
  readonly sums: Float64Array;
  /** Largest |partial sum|, in any order of the terms, that any input of this type could cause. */
  readonly bound: number;
}

/** Cross-correlation of integer levels, with zeros around them: for each output position, each row of the kernel is one dot product. */
export function convolveLevels(x: Levels, kernel: Levels, attributes: ConvAttributes): Sums {
  const { stride, pads, groups } = attributes;
  const [kernelHeight = 0, kernelWidth = 0, inputs = 0, out = 0] = kernel.shape;
  const { batch, height, width, channels, data } = padLevels(x, pads);
  const outHeight = Math.floor((height - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width - kernelWidth) / stride) + 1;
  const bound = x.largest * largestRow(kernel);
  const rows = kernelRows(kernel, groups, bound);
  const window = windowOf(kernelHeight, kernelWidth, inputs, width, channels);
  const corners = cornersOf(
    batch,
    outHeight,
    outWidth,
    (n, h, w) => ((n * height + h * stride) * width + w * stride) * channels,
  );
  const perPosition = out / rows.lanes;
  // Room for a pair of the last position with itself.
  const sums = new Float64Array((corners.length + 1) * perPosition);
  const count = perPosition / groups;
  for (let position = 0; position < corners.length; position += 2) {
    const corner = corners[position]!;
    const next = corners[position + 1] ?? corner;
    for (let group = 0; group < groups; group++) {
      const first = group * count;
      const at = position * perPosition + first;
      dotProducts(
        { data, window, rows, sums },
        {
          first,
          count,
          corners: [corner + group * inputs, next + group * inputs],
          at: [at, at + perPosition],
        },
      );
    }
  }
  const used = sums.subarray(0, corners.length * perPosition);
  const shape = x.shape.length === 2 ? [batch, out] : [batch, outHeight, outWidth, out];
  return { shape, sums: unpackSums(used, rows), bound };
}

/** A run holds a kernel's whole row when its channels are all of the map's, otherwise the channels of one tap. */
function windowOf(
  kernelHeight: number,
  kernelWidth: number,
  inputs: number,
  width: number,
  channels: number,
): Window {
  const isWhole = inputs === channels;
  const perRow = isWhole ? 1 : kernelWidth;
  const offsets = Int32Array.from({ length: kernelHeight * perRow }, (_, run) => {
    const row = Math.floor(run / perRow);
    return (row * width + (run % perRow)) * channels;
  });
  return { offsets, length: isWhole ? kernelWidth * inputs : inputs };
}

/** Where the window begins at each output position. */
function cornersOf(
  batch: number,
  height: number,
  width: number,
  cornerAt: (n: number, h: number, w: number) => number,
): Int32Array {
  const corners = new Int32Array(batch * height * width);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++) corners[at++] = cornerAt(n, h, w);
    }
  }
  return corners;
}
