import { buildDense, type Dense } from "./dense.ts";

type Geometry = {
  stride: number;
  pads: readonly [number, number, number, number];
  groups: number;
  /** 1 unless said. */
  dilation?: number;
};

/** The definition of a convolution, in float64: x [B, H, W, C], kernel [kh, kw, C / groups, O]. */
export function referenceConv(
  x: Dense,
  kernel: Dense,
  { stride, pads, groups, dilation = 1 }: Geometry,
): Dense {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [kh = 0, kw = 0, depth = 0, outputs = 0] = kernel.shape;
  const [top, bottom, left, right] = pads;
  const count = (size: number, taps: number) =>
    Math.floor((size - (taps - 1) * dilation - 1) / stride) + 1;
  const rows = count(height + top + bottom, kh);
  const columns = count(width + left + right, kw);
  const valueAt = (b: number, h: number, w: number, c: number) =>
    h < 0 || w < 0 || h >= height || w >= width
      ? 0
      : x.data[((b * height + h) * width + w) * channels + c]!;
  return buildDense([batch, rows, columns, outputs], (index, o) => {
    const q = Math.floor(index / outputs) % columns;
    const p = Math.floor(index / (outputs * columns)) % rows;
    const b = Math.floor(index / (outputs * columns * rows));
    const firstChannel = Math.floor(o / (outputs / groups)) * depth;
    let sum = 0;
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        for (let d = 0; d < depth; d++) {
          const weight = kernel.data[((i * kw + j) * depth + d) * outputs + o]!;
          const [row, column] = [p * stride + i * dilation, q * stride + j * dilation];
          sum += weight * valueAt(b, row - top, column - left, firstChannel + d);
        }
      }
    }
    return sum;
  });
}
