import { buildDense, type Dense } from "./dense.ts";

export interface PoolWindow {
  readonly size: readonly [height: number, width: number];
  readonly stride: number;
  readonly pads: readonly [top: number, bottom: number, left: number, right: number];
}

/** The largest number of each window, over float64 arrays; positions beyond the map do not count. */
export function referenceMaxPool(x: Dense, { size, stride, pads }: PoolWindow): Dense {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [top, bottom, left, right] = pads;
  const rows = Math.floor((height + top + bottom - size[0]) / stride) + 1;
  const columns = Math.floor((width + left + right - size[1]) / stride) + 1;
  return buildDense([batch, rows, columns, channels], (index, c) => {
    const column = (Math.floor(index / channels) % columns) * stride - left;
    const row = (Math.floor(index / (channels * columns)) % rows) * stride - top;
    const b = Math.floor(index / (channels * columns * rows));
    let largest = -Infinity;
    for (let h = Math.max(0, row); h < Math.min(height, row + size[0]); h++)
      for (let w = Math.max(0, column); w < Math.min(width, column + size[1]); w++)
        largest = Math.max(largest, x.data[((b * height + h) * width + w) * channels + c]!);
    return largest;
  });
}
