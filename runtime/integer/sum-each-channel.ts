import type { PaddedLevels } from "./pad-levels.ts";
import { tapOffsets } from "./tap-offsets.ts";
import type { Levels } from "./value.ts";

/**
 * Sums of a depthwise convolution, where each channel has a kernel of its own: tap by tap, each for all channels.
 *
 * @param kernel [height, width, 1, channels]
 * @param corners where the window begins at each output position
 * @returns position by position, channel by channel
 */
export function sumEachChannel(
  { data, width, channels }: PaddedLevels,
  kernel: Levels,
  corners: Int32Array,
  dilation: number,
): Float64Array {
  const offsets = tapOffsets(kernel, { width, channels }, dilation);
  const taps = Float64Array.from(kernel.levels);
  const sums = new Float64Array(corners.length * channels);
  for (let position = 0; position < corners.length; position++) {
    const to = position * channels;
    for (let tap = 0; tap < offsets.length; tap++) {
      const from = corners[position]! + offsets[tap]!;
      const own = tap * channels;
      for (let c = 0; c < channels; c++) sums[to + c]! += data[from + c]! * taps[own + c]!;
    }
  }
  return sums;
}
