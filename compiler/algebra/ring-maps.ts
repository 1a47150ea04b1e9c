import { eachInput, firstInput, type RingKernel } from "./ring-kernels.ts";
import { elementAt, mapElements, type Elements, type Ring } from "./ring.ts";

/** Activations as numbers: [batch, height, width, channels], row-major. */
export interface RingMap<A> {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: A;
}

/** Rows and columns at the four sides. */
export type Sides = readonly [top: number, bottom: number, left: number, right: number];

export type MapShape = Omit<RingMap<unknown>, "data">;
export type MapFormula<E> = (image: number, row: number, column: number, channel: number) => E;

/** A map of this shape from the number at every place. */
export function buildMapOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  { batch, height, width, channels }: MapShape,
  at: MapFormula<E>,
): RingMap<A> {
  const data = ring.zeros(batch * height * width * channels);
  let index = 0;
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        for (let channel = 0; channel < channels; channel++)
          data[index++] = at(image, row, column, channel);
  return { batch, height, width, channels, data };
}

/** The number at a position; `outside` beyond the map. */
export function valueOf<E, A extends Elements<E>>(
  { height, width, channels, data }: RingMap<A>,
  image: number,
  row: number,
  column: number,
  channel: number,
  outside: E,
): E {
  const isInside = row >= 0 && row < height && column >= 0 && column < width;
  if (!isInside) return outside;
  return elementAt(data, ((image * height + row) * width + column) * channels + channel);
}

/** Zeros around a map; negative sides cut it. */
export function padMapOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  map: RingMap<A>,
  [top, bottom, left, right]: Sides,
): RingMap<A> {
  const height = map.height + top + bottom;
  const width = map.width + left + right;
  return buildMapOver(ring, { ...map, height, width }, (image, row, column, channel) =>
    valueOf(map, image, row - top, column - left, channel, ring.zero),
  );
}

/** Where windows lie over a map; the taps of a window are `dilation` apart, 1 unless said. */
export interface Windows {
  readonly stride: number;
  readonly pads: Sides;
  readonly dilation?: number;
}

/**
 * Cross-correlation by its definition: y[n,p,q,o] = bias[o] + Σ K[h,w,i,o]·x[n, p·stride + h·dilation - top, q·stride + w·dilation - left, i],
 * x being zero outside. Groups are the kernel's.
 */
export function convolveOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  x: RingMap<A>,
  kernel: RingKernel<A>,
  bias: A | undefined,
  { stride, pads, dilation = 1 }: Windows,
): RingMap<A> {
  if (x.channels !== kernel.in * kernel.groups)
    throw new Error(
      `repqc bug: ${x.channels} channels into a kernel of ${kernel.in}x${kernel.groups}`,
    );
  const padded = padMapOver(ring, x, pads);
  const count = (length: number, taps: number) =>
    Math.floor((length - (taps - 1) * dilation - 1) / stride) + 1;
  const [height, width] = [count(padded.height, kernel.height), count(padded.width, kernel.width)];
  const data = ring.zeros(x.batch * height * width * kernel.out);
  const share = kernel.out / kernel.groups;
  const sums = ring.sums(share);
  let place = 0;
  for (let image = 0; image < x.batch; image++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        for (let output = 0; output < kernel.out; output += share) {
          const first = firstInput(kernel, output);
          if (bias) sums.add(ring.one, bias, output);
          eachInput(kernel, (h, w, input, from) => {
            const [seenRow, seenColumn] = [
              row * stride + h * dilation,
              column * stride + w * dilation,
            ];
            const factor = valueOf(padded, image, seenRow, seenColumn, first + input, ring.zero);
            sums.add(factor, kernel.data, from + output);
          });
          sums.moveTo(data, place);
          place += share;
        }
  return { batch: x.batch, height, width, channels: kernel.out, data };
}

/** Every channel times its factor (absent: one), plus its offset (absent: zero). */
export function scaleAndShiftOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  map: RingMap<A>,
  scale: A | undefined,
  bias: A | undefined,
): RingMap<A> {
  const data = mapElements(ring, map.data, (value, index) => {
    const channel = index % map.channels;
    const scaled = scale ? ring.multiply(value, elementAt(scale, channel)) : value;
    return bias ? ring.add(scaled, elementAt(bias, channel)) : scaled;
  });
  return { ...map, data };
}
