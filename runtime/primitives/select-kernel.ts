import { tf } from "../tensors.ts";

/** [1, 1, channels, count]; output o copies input `first` + o. A constant: no gradient. */
export function selectKernel(channels: number, first: number, count: number): tf.Tensor {
  const taps = new Float32Array(channels * count);
  for (let o = 0; o < count; o++) taps[(first + o) * count + o] = 1;
  return tf.tensor(taps, [1, 1, channels, count]);
}
