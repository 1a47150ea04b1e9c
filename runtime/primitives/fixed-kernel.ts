import { tf } from "../tensors.ts";

/**
 * A depthwise kernel [rows, columns, 1, channels] of given taps: channel c has `tables[c mod tables.length]`, each [row][column] and all of one
 * size. No gradient.
 */
export function fixedKernel(
  tables: readonly (readonly (readonly number[])[])[],
  channels: number,
): tf.Tensor {
  const [rows, columns] = [tables[0]?.length ?? 0, tables[0]?.[0]?.length ?? 0];
  const taps = new Float32Array(rows * columns * channels);
  tables.forEach((table, first) =>
    table.flat().forEach((tap, place) => {
      for (let c = first; c < channels; c += tables.length) taps[place * channels + c] = tap;
    }),
  );
  return tf.tensor(taps, [rows, columns, 1, channels]);
}
