import type { HostTensor } from "../safetensors.ts";

type Map4 = readonly [batch: number, height: number, width: number, channels: number];

/** A map of the given shape whose number at (n, h, w, c) is `from`'s number at that index, or zero for a negative one. */
function gather(
  x: HostTensor,
  shape: Map4,
  from: (n: number, h: number, w: number, c: number) => number,
): HostTensor {
  const [batch, height, width, channels] = shape;
  const data = new Float32Array(batch * height * width * channels);
  let at = 0;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++) {
        for (let c = 0; c < channels; c++) data[at++] = x.data[from(n, h, w, c)] ?? 0;
      }
    }
  }
  return { shape, data };
}

/** Index of a map's number, or -1 outside of it. */
function indexer(x: HostTensor): (n: number, h: number, w: number, c: number) => number {
  const [, height = 0, width = 0, channels = 0] = x.shape;
  return (n, h, w, c) =>
    h < 0 || h >= height || w < 0 || w >= width
      ? -1
      : ((n * height + h) * width + w) * channels + c;
}

/** Rows and columns added (zeros) or, where negative, taken away: [top, bottom, left, right]. */
export function resize(x: HostTensor, by: readonly number[]): HostTensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [top = 0, bottom = 0, left = 0, right = 0] = by;
  const index = indexer(x);
  const shape = [batch, height + top + bottom, width + left + right, channels] as const;
  return gather(x, shape, (n, h, w, c) => index(n, h - top, w - left, c));
}

/** The channel vector `times` times in a row. */
export function tile(x: HostTensor, times: number): HostTensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const index = indexer(x);
  const shape = [batch, height, width, channels * times] as const;
  return gather(x, shape, (n, h, w, c) => index(n, h, w, c % channels));
}

/** `count` channels from `first` on, of maps or features. */
export function sliceChannels(x: HostTensor, first: number, count: number): HostTensor {
  const channels = x.shape.at(-1) ?? 1;
  const positions = x.data.length / channels;
  const data = new Float32Array(positions * count);
  for (let p = 0; p < positions; p++) {
    const from = p * channels + first;
    data.set(x.data.subarray(from, from + count), p * count);
  }
  return { shape: [...x.shape.slice(0, -1), count], data };
}

/** Channels side by side, of maps or features of one size. */
export function concatChannels(parts: readonly HostTensor[]): HostTensor {
  const channels = parts.map(({ shape }) => shape.at(-1) ?? 1);
  const total = channels.reduce((sum, count) => sum + count, 0);
  const positions = (parts[0]?.data.length ?? 0) / (channels[0] ?? 1);
  const data = new Float32Array(positions * total);
  let first = 0;
  for (const [i, part] of parts.entries()) {
    const own = channels[i] ?? 1;
    for (let p = 0; p < positions; p++)
      data.set(part.data.subarray(p * own, (p + 1) * own), p * total + first);
    first += own;
  }
  return { shape: [...(parts[0]?.shape.slice(0, -1) ?? []), total], data };
}

/** Channel (i·scale + j)·C + c of a position goes to row offset i, column offset j, channel c. */
export function depthToSpace(x: HostTensor, scale: number): HostTensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const index = indexer(x);
  const out = channels / (scale * scale);
  const shape = [batch, height * scale, width * scale, out] as const;
  return gather(x, shape, (n, h, w, c) => {
    const [i, j] = [h % scale, w % scale];
    return index(n, (h - i) / scale, (w - j) / scale, (i * scale + j) * out + c);
  });
}
