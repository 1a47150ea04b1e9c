import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { customGradient } from "./custom-gradient.ts";

/** x where it is positive, alpha * x elsewhere; x [..., C], alpha [C]. */
export function prelu(x: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  return customGradient(
    [x, alpha],
    (save) => {
      save([x, alpha]);
      return tf.prelu(x, alpha);
    },
    (gradient, saved) => {
      const [x, alpha] = [saved[0]!, saved[1]!];
      // 1 where x is positive and alpha elsewhere, without a slow comparison.
      const slope = tf.add(tf.mul(tf.step(x), tf.sub(1, alpha)), alpha);
      const negativePart = tf.sub(x, tf.relu(x));
      return [tf.mul(gradient, slope), channelSum(tf.mul(gradient, negativePart))];
    },
  );
}
