import type { HostTensor } from "../safetensors.ts";

export interface Windows {
  readonly size: readonly number[];
  readonly stride: number;
  /** [top, bottom, left, right] positions beyond the map, which no maximum counts. */
  readonly pads: readonly number[];
}

/** The largest number of every window of a map, NHWC: exact, because a maximum rounds nothing. */
export function maxPool(x: HostTensor, { size, stride, pads }: Windows): HostTensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [rows = 1, columns = 1] = size;
  const [top = 0, bottom = 0, left = 0, right = 0] = pads;
  const down = Math.floor((height + top + bottom - rows) / stride) + 1;
  const across = Math.floor((width + left + right - columns) / stride) + 1;
  const data = new Float32Array(batch * down * across * channels).fill(-Infinity);
  const take = (to: number, from: number) => {
    for (let c = 0; c < channels; c++) data[to + c] = Math.max(data[to + c]!, x.data[from + c]!);
  };
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < down; h++) {
      for (let w = 0; w < across; w++) {
        const to = ((n * down + h) * across + w) * channels;
        for (const row of inside(h * stride - top, rows, height))
          for (const column of inside(w * stride - left, columns, width))
            take(to, ((n * height + row) * width + column) * channels);
      }
    }
  }
  return { shape: [batch, down, across, channels], data };
}

/** Positions of a window that lie on the map. */
function inside(first: number, count: number, length: number): readonly number[] {
  const positions = Array.from({ length: count }, (_, at) => first + at);
  return positions.filter((position) => position >= 0 && position < length);
}
