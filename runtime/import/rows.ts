import type { CheckpointTensor } from "./checkpoint.ts";

/** The rows of a tensor as tensors of their own; nothing where it does not have so many. */
export function rowsOf(
  tensor: CheckpointTensor,
  count: number,
): readonly CheckpointTensor[] | undefined {
  const [rows, ...shape] = tensor.shape;
  if (rows !== count) return undefined;
  const size = shape.reduce((product, one) => product * one, 1);
  return Array.from({ length: count }, (_, row) => ({
    shape,
    isInteger: tensor.isInteger,
    read: async () => (await tensor.read()).slice(row * size, (row + 1) * size),
  }));
}
