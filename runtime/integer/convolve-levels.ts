import { kernelRows, largestRow, unpackSums, type KernelRows } from "./kernel-rows.ts";
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

/** The input under the kernel at an output position: runs of `length` numbers that begin at these offsets from its corner. */
interface Window {
  readonly offsets: Int32Array;
  readonly length: number;
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
  const sums = new Float64Array(batch * outHeight * outWidth * (out / rows.lanes));
  const perGroup = out / groups / rows.lanes;
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < outHeight; h++) {
      for (let w = 0; w < outWidth; w++) {
        const corner = ((n * height + h * stride) * width + w * stride) * channels;
        for (let group = 0; group < groups; group++) {
          dotProducts(
            data,
            corner + group * inputs,
            window,
            rows,
            group * perGroup,
            perGroup,
            sums,
            at,
          );
          at += perGroup;
        }
      }
    }
  }
  const shape = x.shape.length === 2 ? [batch, out] : [batch, outHeight, outWidth, out];
  return { shape, sums: unpackSums(sums, rows), bound };
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

/**
 * sums[at + o] = window at `corner` · row (first + o), for `count` rows. Four rows at a time, so that the four additions do not wait for
 * each other.
 */
function dotProducts(
  data: Float64Array,
  corner: number,
  { offsets, length }: Window,
  rows: KernelRows,
  first: number,
  count: number,
  sums: Float64Array,
  at: number,
): void {
  const { taps, length: stride } = rows;
  let o = 0;
  for (; o + 4 <= count; o += 4) {
    let tap = (first + o) * stride;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let run = 0; run < offsets.length; run++) {
      const from = corner + offsets[run]!;
      for (let i = from; i < from + length; i++) {
        const x = data[i]!;
        a += x * taps[tap]!;
        b += x * taps[tap + stride]!;
        c += x * taps[tap + 2 * stride]!;
        d += x * taps[tap + 3 * stride]!;
        tap++;
      }
    }
    sums[at + o] = a;
    sums[at + o + 1] = b;
    sums[at + o + 2] = c;
    sums[at + o + 3] = d;
  }
  for (; o < count; o++) {
    let tap = (first + o) * stride;
    let sum = 0;
    for (let run = 0; run < offsets.length; run++) {
      const from = corner + offsets[run]!;
      for (let i = from; i < from + length; i++) sum += data[i]! * taps[tap++]!;
    }
    sums[at + o] = sum;
  }
}
