import type { Levels } from "./value.ts";
import type { Sums } from "./convolve-levels.ts";

/**
 * Sums of levels over all positions: [batch, channels]. The mean is that sum times fl(step / (height · width)).
 */
export function sumPositions(x: Levels): Sums {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const positions = height * width;
  const sums = new Float64Array(batch * channels);
  for (let n = 0; n < batch; n++) {
    for (let position = 0; position < positions; position++) {
      const from = (n * positions + position) * channels;
      for (let c = 0; c < channels; c++) sums[n * channels + c]! += x.levels[from + c] ?? 0;
    }
  }
  return { shape: [batch, channels], sums, bound: x.largest * positions };
}
