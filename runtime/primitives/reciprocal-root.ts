import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/** 1 / sqrt(v + epsilon), entry by entry. */
export function reciprocalRoot(v: tf.Tensor, epsilon: number): tf.Tensor {
  return customGradient(
    [v],
    (save) => {
      const root = tf.rsqrt(tf.add(v, epsilon));
      save([root]);
      return root;
    },
    // d (v + e)^(-1/2) / dv = -1/2 (v + e)^(-3/2)
    (gradient, [root]) => [tf.mul(gradient, tf.mul(tf.mul(root!, tf.square(root!)), -0.5))],
  );
}
