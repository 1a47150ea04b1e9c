import type { ConvGeometry } from "../../../compiler/ir/conv-geometry.ts";
import type { Levels } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";

interface Map4 {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Features count as a map of one position. */
function sizesOf(shape: readonly number[]): Map4 {
  const [batch = 0, height = 0, width = 0, channels = 0] =
    shape.length === 2 ? [shape[0], 1, 1, shape[1]] : shape;
  return { batch, height, width, channels };
}

/** A doubt on which the sum at (n, h, w, o) depends through a tap that is not zero, or 0. */
export function convOrigin(
  origins: HostTensor,
  kernel: Levels,
  { stride, pads, groups, dilation }: ConvGeometry,
  [n, h, w, o]: readonly [number, number, number, number],
): number {
  const { height, width, channels } = sizesOf(origins.shape);
  const [rows = 1, columns = 1, inputs = 1, out = 1] = kernel.shape;
  const [top, , left] = pads;
  const first = Math.floor(o / (out / groups)) * inputs;
  for (let tap = 0; tap < rows * columns; tap++) {
    const row = h * stride - top + Math.floor(tap / columns) * dilation;
    const column = w * stride - left + (tap % columns) * dilation;
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    const from = ((n * height + row) * width + column) * channels + first;
    for (let i = 0; i < inputs; i++) {
      const origin = origins.data[from + i]!;
      if (origin !== 0 && kernel.levels[(tap * inputs + i) * out + o] !== 0) return origin;
    }
  }
  return 0;
}

/** A doubt on which the sum over all positions of channel `c` depends, or 0. */
export function sumOrigin(origins: HostTensor, n: number, c: number): number {
  const { height, width, channels } = sizesOf(origins.shape);
  for (let position = 0; position < height * width; position++) {
    const origin = origins.data[(n * height * width + position) * channels + c]!;
    if (origin !== 0) return origin;
  }
  return 0;
}

interface PoolAttributes {
  readonly size: readonly number[];
  readonly stride: number;
  readonly pads: readonly number[];
}

/** For each maximum the doubt of the number that may be the largest of its window, so that no doubt beneath another number is named. */
export function poolOrigins(
  high: HostTensor,
  origins: HostTensor,
  result: HostTensor,
  { size, stride, pads }: PoolAttributes,
): HostTensor {
  const { height, width, channels } = sizesOf(high.shape);
  const { batch, height: down, width: across } = sizesOf(result.shape);
  const [rows = 1, columns = 1] = size;
  const [top = 0, , left = 0] = pads;
  const data = new Float32Array(result.data.length);
  const meet = (to: number, from: number) => {
    for (let c = 0; c < channels; c++) {
      if (high.data[from + c] === result.data[to + c]) data[to + c] ||= origins.data[from + c]!;
    }
  };
  for (let at = 0; at < batch * down * across; at++) {
    const [n, h, w] = [
      Math.floor(at / (down * across)),
      Math.floor(at / across) % down,
      at % across,
    ];
    for (let tap = 0; tap < rows * columns; tap++) {
      const row = h * stride - top + Math.floor(tap / columns);
      const column = w * stride - left + (tap % columns);
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      meet(at * channels, ((n * height + row) * width + column) * channels);
    }
  }
  return { shape: result.shape, data };
}
