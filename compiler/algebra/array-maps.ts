import type { ArrayKernel } from "./arrays.ts";
import { firstInput, tapAt } from "./arrays.ts";

/** Activations as numbers: [batch, height, width, channels], row-major. */
export interface ArrayMap {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float64Array;
}

type Shape = Omit<ArrayMap, "data">;
type Sides = readonly [top: number, bottom: number, left: number, right: number];

export function buildMap(
  shape: Shape,
  at: (image: number, row: number, column: number, channel: number) => number,
): ArrayMap {
  const { batch, height, width, channels } = shape;
  const data = new Float64Array(batch * height * width * channels);
  let index = 0;
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        for (let channel = 0; channel < channels; channel++)
          data[index++] = at(image, row, column, channel);
  return { batch, height, width, channels, data };
}

/** The number at a position; zero outside the map. */
export function valueAt(
  { height, width, channels, data }: ArrayMap,
  image: number,
  row: number,
  column: number,
  channel: number,
): number {
  const isInside = row >= 0 && row < height && column >= 0 && column < width;
  return isInside ? (data[((image * height + row) * width + column) * channels + channel] ?? 0) : 0;
}

/** Zeros around a map; negative sides cut it. */
export function padMap(map: ArrayMap, [top, bottom, left, right]: Sides): ArrayMap {
  const height = map.height + top + bottom;
  const width = map.width + left + right;
  return buildMap({ ...map, height, width }, (image, row, column, channel) =>
    valueAt(map, image, row - top, column - left, channel),
  );
}

/**
 * Cross-correlation by its definition: y[n,p,q,o] = bias[o] + Σ K[h,w,i,o]·x[n, p·stride + h - top, q·stride + w - left, i], x being zero
 * outside. Groups are the kernel's.
 */
export function convolveArrays(
  x: ArrayMap,
  kernel: ArrayKernel,
  bias: Float64Array | undefined,
  { stride, pads }: { readonly stride: number; readonly pads: Sides },
): ArrayMap {
  if (x.channels !== kernel.in * kernel.groups)
    throw new Error(
      `repqc bug: ${x.channels} channels into a kernel of ${kernel.in}x${kernel.groups}`,
    );
  const padded = padMap(x, pads);
  const shape = {
    batch: x.batch,
    height: Math.floor((padded.height - kernel.height) / stride) + 1,
    width: Math.floor((padded.width - kernel.width) / stride) + 1,
    channels: kernel.out,
  };
  return buildMap(shape, (image, row, column, output) => {
    const first = firstInput(kernel, output);
    let sum = bias?.[output] ?? 0;
    for (let h = 0; h < kernel.height; h++)
      for (let w = 0; w < kernel.width; w++)
        for (let input = 0; input < kernel.in; input++)
          sum +=
            tapAt(kernel, h, w, input, output) *
            valueAt(padded, image, row * stride + h, column * stride + w, first + input);
    return sum;
  });
}
