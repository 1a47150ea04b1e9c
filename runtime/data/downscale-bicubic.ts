import type { Region, RgbImage } from "./rgb-image.ts";

/**
 * What lies past the borders of an image: the image mirrored, its border pixel first (MATLAB's `imresize` today), or the border
 * pixel again and again (MATLAB's some years ago: with it the published low-resolution images of Set5 come out to the byte).
 */
export type Borders = "mirrored" | "repeated";

export interface Downscaling {
  /** A whole number. */
  readonly factor: number;
  /** Mirrored unless told. */
  readonly borders?: Borders;
}

interface Shrinking {
  readonly factor: number;
  readonly place: (place: number, size: number) => number;
  readonly taps: readonly Tap[];
}

interface Tap {
  /** From the first of the `factor` pixels that make one pixel. */
  readonly offset: number;
  readonly weight: number;
}

/**
 * A region of an image made smaller by a whole factor, the same bytes as the region cut out of the whole
 * smaller image: bicubic as MATLAB's `imresize(image, 1 / factor)` does it for bytes, which is what low-resolution
 * images of the super-resolution literature are made with. That is the kernel of Keys (1981) with a = -0.5,
 * stretched by the factor against aliasing, its weights divided by their sum; rows first, rounded to bytes, then columns,
 * rounded again.
 *
 * @param region in pixels of the smaller image, which has ceil(size / factor) of them each way
 */
export function downscaleBicubic(
  image: RgbImage,
  { factor, borders = "mirrored" }: Downscaling,
  region: Region,
): RgbImage {
  const taps = tapsOf(factor);
  const shrinking = { factor, taps, place: borders === "mirrored" ? mirror : repeat };
  const first = taps[0]?.offset ?? 0;
  const last = taps.at(-1)?.offset ?? 0;
  // Of the large image: the columns that the region is made of, counted past the borders.
  const from = region.left * factor + first;
  const columns = (region.width - 1) * factor + last - first + 1;
  const rows = shrinkRows(image, shrinking, { ...region, left: from, width: columns });
  return shrinkColumns(rows, shrinking, region);
}

/** @param region rows of the smaller image, columns of the large one, which may lie outside of it */
function shrinkRows(
  { height, width, pixels }: RgbImage,
  { factor, taps, place }: Shrinking,
  region: Region,
): RgbImage {
  const out = new Uint8Array(region.height * region.width * 3);
  const sources = Int32Array.from(
    { length: region.width },
    (_, column) => 3 * place(region.left + column, width),
  );
  const sums = new Float64Array(region.width * 3);
  for (let row = 0; row < region.height; row++) {
    sums.fill(0);
    for (const { offset, weight } of taps) {
      const source = 3 * width * place((region.top + row) * factor + offset, height);
      addRow(pixels, source, sources, weight, sums);
    }
    storeRounded(sums, out, row * sums.length);
  }
  return { height: region.height, width: region.width, pixels: out };
}

function addRow(
  pixels: Uint8Array,
  row: number,
  columns: Int32Array,
  weight: number,
  sums: Float64Array,
): void {
  for (let column = 0; column < columns.length; column++) {
    addPixel(pixels, row + columns[column]!, weight, sums, 3 * column);
  }
}

function addPixel(
  pixels: Uint8Array,
  from: number,
  weight: number,
  sums: Float64Array,
  to: number,
): void {
  sums[to] = sums[to]! + weight * pixels[from]!;
  sums[to + 1] = sums[to + 1]! + weight * pixels[from + 1]!;
  sums[to + 2] = sums[to + 2]! + weight * pixels[from + 2]!;
}

/** @param rows begins with the first column that the region's first pixel is made of */
function shrinkColumns(
  rows: RgbImage,
  { factor, taps }: Shrinking,
  { height, width }: Region,
): RgbImage {
  const out = new Uint8Array(height * width * 3);
  const first = taps[0]?.offset ?? 0;
  const sums = new Float64Array(width * 3);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    const start = 3 * rows.width * row;
    for (const { offset, weight } of taps) {
      const at = start + 3 * (offset - first);
      for (let column = 0, from = at; column < width; column++, from += 3 * factor) {
        addPixel(rows.pixels, from, weight, sums, 3 * column);
      }
    }
    storeRounded(sums, out, row * sums.length);
  }
  return { height, width, pixels: out };
}

function storeRounded(sums: Float64Array, out: Uint8Array, start: number): void {
  for (let at = 0; at < sums.length; at++) {
    out[start + at] = Math.min(255, Math.max(0, Math.floor(sums[at]! + 0.5)));
  }
}

/** The same for every pixel, because the factor is whole. */
function tapsOf(factor: number): readonly Tap[] {
  const centre = (factor - 1) / 2;
  const first = Math.floor(centre - 2 * factor);
  const taps = Array.from({ length: 4 * factor + 2 }, (_, i) => {
    const offset = first + i;
    return { offset, weight: cubic((centre - offset) / factor) / factor };
  });
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps
    .filter(({ weight }) => weight !== 0)
    .map(({ offset, weight }) => ({ offset, weight: weight / sum }));
}

/** Keys' kernel with a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  if (x <= 2) return -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2;
  return 0;
}

/** ... 1 0 | 0 1 ... n-1 | n-1 n-2 ... */
function mirror(place: number, size: number): number {
  const around = ((place % (2 * size)) + 2 * size) % (2 * size);
  return around < size ? around : 2 * size - 1 - around;
}

/** ... 0 0 | 0 1 ... n-1 | n-1 n-1 ... */
function repeat(place: number, size: number): number {
  return Math.min(size - 1, Math.max(0, place));
}
