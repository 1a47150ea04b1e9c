import { dotProducts, type Window } from "./dot-products.ts";
import { kernelRows, largestRow, unpackSums } from "./kernel-rows.ts";
import { padLevels, type PaddedLevels } from "./pad-levels.ts";
import { sumEachChannel } from "./sum-each-channel.ts";
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

/** Cross-correlation of integer levels, with zeros around them. */
export function convolveLevels(x: Levels, kernel: Levels, attributes: ConvAttributes): Sums {
  const { stride, pads, groups } = attributes;
  const [kernelHeight = 0, kernelWidth = 0, , out = 0] = kernel.shape;
  const map = padLevels(x, pads);
  const outHeight = Math.floor((map.height - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((map.width - kernelWidth) / stride) + 1;
  const bound = x.largest * largestRow(kernel);
  const corners = cornersOf(map, outHeight, outWidth, stride);
  const isDepthwise = groups === map.channels && groups === out;
  const sums = isDepthwise
    ? sumEachChannel(map, kernel, corners)
    : sumGroups(map, kernel, corners, groups, bound);
  const shape = x.shape.length === 2 ? [map.batch, out] : [map.batch, outHeight, outWidth, out];
  return { shape, sums, bound };
}

/** For each output position, each row of the kernel is one dot product. */
function sumGroups(
  { data, width, channels }: PaddedLevels,
  kernel: Levels,
  corners: Int32Array,
  groups: number,
  bound: number,
): Float64Array {
  const [kernelHeight = 0, kernelWidth = 0, inputs = 0, out = 0] = kernel.shape;
  const rows = kernelRows(kernel, groups, bound);
  const window = windowOf(kernelHeight, kernelWidth, inputs, width, channels);
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
  return unpackSums(sums.subarray(0, corners.length * perPosition), rows);
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
  { batch, height, width, channels }: PaddedLevels,
  outHeight: number,
  outWidth: number,
  stride: number,
): Int32Array {
  const corners = new Int32Array(batch * outHeight * outWidth);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < outHeight; h++) {
      const row = (n * height + h * stride) * width;
      for (let w = 0; w < outWidth; w++) corners[at++] = (row + w * stride) * channels;
    }
  }
  return corners;
}
