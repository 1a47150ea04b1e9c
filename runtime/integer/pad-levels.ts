import type { Levels } from "./value.ts";

/** Levels as doubles, NHWC, with sizes that include the border. */
export interface PaddedLevels {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float64Array;
}

/** A map with zeros around it: [top, bottom, left, right] rows and columns. Features count as a map of one position. */
export function padLevels(x: Levels, pads: readonly number[]): PaddedLevels {
  const { levels, shape } = x;
  const [batch = 0, height = 0, width = 0, channels = 0] =
    shape.length === 2 ? [shape[0], 1, 1, shape[1]] : shape;
  const [top = 0, bottom = 0, left = 0, right = 0] = pads;
  const sizes = { batch, height: height + top + bottom, width: width + left + right, channels };
  const data = new Float64Array(batch * sizes.height * sizes.width * channels);
  const row = width * channels;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < height; h++) {
      const from = (n * height + h) * row;
      const to = ((n * sizes.height + h + top) * sizes.width + left) * channels;
      data.set(levels.subarray(from, from + row), to);
    }
  }
  return { ...sizes, data };
}
