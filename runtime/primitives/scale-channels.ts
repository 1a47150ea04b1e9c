import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { customGradient } from "./custom-gradient.ts";

/** Multiplies the last axis by a vector: x [..., C] * vector [C]. */
export function scaleChannels(x: tf.Tensor, vector: tf.Tensor): tf.Tensor {
  return customGradient(
    [x, vector],
    (save) => {
      save([x, vector]);
      return tf.mul(x, vector);
    },
    (gradient, [x, vector]) => [tf.mul(gradient, vector!), channelSum(tf.mul(gradient, x!))],
  );
}
