import type { tf } from "../tensors.ts";
import { scaleChannels } from "./scale-channels.ts";

/** K[h,w,i,o] * v[o]: kernel [h, w, I, O], perOutput [O]. */
export function scaleOut(kernel: tf.Tensor, perOutput: tf.Tensor): tf.Tensor {
  return scaleChannels(kernel, perOutput);
}
