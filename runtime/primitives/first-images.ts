import { tf } from "../tensors.ts";

/** The first ceil(share * B) images of a batch: [B, ...] -> [n, ...]. Batches are shuffled, so they are a fair sample. */
export function firstImages(x: tf.Tensor, share: number): tf.Tensor {
  const [batch = 0, ...rest] = x.shape;
  const count = Math.min(batch, Math.max(1, Math.ceil(batch * share)));
  return tf.slice(x, [0, ...rest.map(() => 0)], [count, ...rest]);
}
