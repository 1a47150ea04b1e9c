import { tf } from "../../runtime/tensors.ts";

/** What comparisons look at, of a tensor. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Runs on the current backend and hands out numbers; every tensor that was made on the way is gone. */
export async function compute(run: () => tf.Tensor[]): Promise<readonly Numbers[]> {
  return readAll(tf.tidy(run));
}

/** One result, as an array; -0 is 0. */
export async function numbersOf(run: () => tf.Tensor): Promise<number[]> {
  const [only] = await numbersOfAll(() => [run()]);
  return only!;
}

export async function numbersOfAll(run: () => tf.Tensor[]): Promise<number[][]> {
  return (await compute(run)).map(({ data }) => Array.from(data, (number) => number + 0));
}

async function readAll(tensors: readonly tf.Tensor[]): Promise<readonly Numbers[]> {
  const numbers: Numbers[] = [];
  for (const tensor of tensors) numbers.push(await readNumbers(tensor));
  tf.dispose([...tensors]);
  return numbers;
}

/** The tensor stays. */
export async function readNumbers(tensor: tf.Tensor): Promise<Numbers> {
  // A copy: cpu hands out the tensor's own array.
  return { shape: tensor.shape, data: (await tensor.data()).slice() };
}
