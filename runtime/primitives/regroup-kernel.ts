import { tf } from "../tensors.ts";

/**
 * The same map with fewer groups: [h, w, I, O] in `from` groups -> [h, w, I * from / to, O] in `to` groups, block
 * diagonal. Differentiable in the kernel.
 */
export function regroupKernel(kernel: tf.Tensor, from: number, to: number): tf.Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = kernel.shape;
  const blocks = from / to;
  const spread = tf.reshape(kernel, [height * width, 1, inputs, outputs]);
  const onlyOwnBlock = tf.mul(spread, ownBlockMask(blocks, outputs, outputs / from));
  return tf.reshape(onlyOwnBlock, [height, width, blocks * inputs, outputs]);
}

/** [blocks, 1, outputs]: 1 where the output belongs to the block; `share` outputs lie side by side in one block. */
function ownBlockMask(blocks: number, outputs: number, share: number): tf.Tensor {
  const mask = new Float32Array(blocks * outputs);
  for (let o = 0; o < outputs; o++) mask[(Math.floor(o / share) % blocks) * outputs + o] = 1;
  return tf.tensor(mask, [blocks, 1, outputs]);
}
