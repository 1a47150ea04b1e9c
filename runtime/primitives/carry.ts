import type { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { scaleIn } from "./scale-in.ts";

/**
 * What a constant input does: Σ_{h,w,i} v[i] K[h,w,i,o]. perInput [I * groups], kernel [h, w, I, O] -> [O].
 */
export function carry(perInput: tf.Tensor, kernel: tf.Tensor, groups: number): tf.Tensor {
  return channelSum(scaleIn(kernel, perInput, groups));
}
