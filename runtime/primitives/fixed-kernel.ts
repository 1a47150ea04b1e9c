import { tf } from "../tensors.ts";

/** The same filter `table` ([row][column]) for every channel: [rows, columns, 1, channels]. No gradient. */
export function fixedKernel(table: readonly (readonly number[])[], channels: number): tf.Tensor {
  const columns = table[0]?.length ?? 0;
  const taps = new Float32Array(table.length * columns * channels);
  table.flat().forEach((tap, at) => taps.fill(tap, at * channels, (at + 1) * channels));
  return tf.tensor(taps, [table.length, columns, 1, channels]);
}
