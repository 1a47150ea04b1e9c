import type { Island, Promised, ValueType } from "../ir/index.ts";
import { sizeOfExtent } from "../ir/index.ts";

/** Height and width of a map. */
export interface MapSize {
  readonly height: number;
  readonly width: number;
}

/**
 * The smallest map that shows every situation of the real one. An output sees one window of the padded input, and what happens there depends
 * on nothing but which rows and columns of that window are padding: both forms are valid convolutions of the padded input, the same at every
 * position. Along an axis with `stride` and a window of `taps` places, zeros between them included:
 *
 * - taps + stride - 1 places are enough for a window without padding to exist, and for every window that begins before the map to end inside
 *   it, as in any larger map;
 * - how far the last windows reach beyond the end depends on the length modulo the stride, so the length keeps its residue.
 *
 * A map that is smaller itself is taken as it is.
 */
export function smallestMap(actual: MapSize, { extent, stride }: Promised): MapSize {
  const reach = sizeOfExtent(extent);
  const side = (length: number, taps: number) => {
    const least = taps + stride - 1;
    const surplus = length - least;
    return surplus <= 0 ? length : least + (surplus % stride);
  };
  return { height: side(actual.height, reach.height), width: side(actual.width, reach.width) };
}

/** Features are a map of one position. */
export function mapSizeOf(type: ValueType): MapSize {
  return type.kind === "map" ? type : { height: 1, width: 1 };
}

/** Whether the window of an output has padding in it. */
export function isAtBorder(
  [row, column]: readonly [number, number],
  { height, width }: MapSize,
  { promised: { extent, stride, pads } }: Pick<Island, "promised">,
): boolean {
  const reach = sizeOfExtent(extent);
  const [top, , left] = pads;
  const [firstRow, firstColumn] = [row * stride - top, column * stride - left];
  return (
    firstRow < 0 ||
    firstColumn < 0 ||
    firstRow + reach.height > height ||
    firstColumn + reach.width > width
  );
}
