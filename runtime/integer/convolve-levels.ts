import { countWindows, type ConvGeometry } from "../../compiler/ir/conv-geometry.ts";
import { dotProducts, type Window } from "./dot-products.ts";
import { kernelRows, largestRow, unpackSums } from "./kernel-rows.ts";
import { padLevels, type PaddedLevels } from "./pad-levels.ts";
import { sumEachChannel } from "./sum-each-channel.ts";
import { tapOffsets } from "./tap-offsets.ts";
import type { Levels } from "./value.ts";

export interface Sums {
  /** NHWC, or [batch, channels] when the input is. */
  readonly shape: readonly number[];
  /** Σ levels·levels, exact: integers below 2^53. Doubles show an overflow of 32 bits instead of wrapping. */
  readonly sums: Float64Array;
  /** Largest |partial sum|, in any order of the terms, that any input of this type could cause. */
  readonly bound: number;
}

/** Cross-correlation of integer levels, with zeros around them. */
export function convolveLevels(x: Levels, kernel: Levels, geometry: ConvGeometry): Sums {
  const { stride, pads, groups, dilation } = geometry;
  const [rows = 0, columns = 0, , out = 0] = kernel.shape;
  const map = padLevels(x, pads);
  const windows = { stride, dilation, pads: [0, 0, 0, 0] } as const;
  const { height, width } = countWindows(map, { height: rows, width: columns }, windows);
  const bound = x.largest * largestRow(kernel);
  const corners = cornersOf(map, height, width, stride);
  const isDepthwise = groups === map.channels && groups === out;
  const sums = isDepthwise
    ? sumEachChannel(map, kernel, corners, dilation)
    : sumGroups(map, kernel, corners, geometry, bound);
  const shape = x.shape.length === 2 ? [map.batch, out] : [map.batch, height, width, out];
  return { shape, sums, bound };
}

/** For each output position, each row of the kernel is one dot product. */
function sumGroups(
  { data, width, channels }: PaddedLevels,
  kernel: Levels,
  corners: Int32Array,
  { groups, dilation }: ConvGeometry,
  bound: number,
): Float64Array {
  const [, , inputs = 0, out = 0] = kernel.shape;
  const rows = kernelRows(kernel, groups, bound);
  const window = windowOf(kernel, { width, channels }, dilation);
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

/** A run holds a kernel's whole row when its taps lie side by side with all of the map's channels, otherwise the channels of one tap. */
function windowOf(
  kernel: Levels,
  map: Pick<PaddedLevels, "width" | "channels">,
  dilation: number,
): Window {
  const [, columns = 0, inputs = 0] = kernel.shape;
  const offsets = tapOffsets(kernel, map, dilation);
  const isWhole = inputs === map.channels && dilation === 1;
  if (!isWhole) return { offsets, length: inputs };
  return { offsets: offsets.filter((_, tap) => tap % columns === 0), length: columns * inputs };
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
