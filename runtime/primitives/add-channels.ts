import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { customGradient } from "./custom-gradient.ts";

/** Adds a vector to the last axis: x [..., C] + vector [C]. */
export function addChannels(x: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  return customGradient(
    [x, vector],
    () => tf.add(x, vector),
    (gradient) => [tf.clone(gradient), channelSum(gradient)],
  );
}
