import type { PaddedLevels } from "./pad-levels.ts";
import type { Levels } from "./value.ts";

/** How far from the first number of its window the first number under each tap of a kernel lies, tap by tap. */
export function tapOffsets(
  { shape }: Levels,
  { width, channels }: Pick<PaddedLevels, "width" | "channels">,
  dilation: number,
): Int32Array {
  const [rows = 0, columns = 0] = shape;
  return Int32Array.from({ length: rows * columns }, (_, tap) => {
    const [row, column] = [Math.floor(tap / columns), tap % columns];
    return (row * width + column) * dilation * channels;
  });
}
