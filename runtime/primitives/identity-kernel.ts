import { tf } from "../tensors.ts";

/** δ: [1, 1, channels / groups, channels]; output o copies input o. A constant: no gradient. */
export function identityKernel(channels: number, groups: number): tf.Tensor {
  const inputs = channels / groups;
  const taps = new Float32Array(inputs * channels);
  for (let o = 0; o < channels; o++) taps[(o % inputs) * channels + o] = 1;
  return tf.tensor(taps, [1, 1, inputs, channels]);
}
