import type { PaddedLevels } from "./pad-levels.ts";
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
): Float64Array {
  const [kernelHeight = 0, kernelWidth = 0] = kernel.shape;
  const taps = Float64Array.from(kernel.levels);
  const sums = new Float64Array(corners.length * channels);
  for (let position = 0; position < corners.length; position++) {
    const to = position * channels;
    for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
      const row = Math.floor(tap / kernelWidth);
      const from = corners[position]! + (row * width + (tap % kernelWidth)) * channels;
      const own = tap * channels;
      for (let c = 0; c < channels; c++) sums[to + c]! += data[from + c]! * taps[own + c]!;
    }
  }
  return sums;
}
