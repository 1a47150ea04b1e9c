import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/** max(x, 0); its gradient at 0 is 0. */
export function relu(x: tf.Tensor): tf.Tensor {
  return customGradient(
    [x],
    (save) => {
      const y = tf.relu(x);
      // y tells as much as x, and whoever comes next keeps y anyway.
      save([y]);
      return y;
    },
    (gradient, saved) => [tf.mul(gradient, tf.step(saved[0]!))],
  );
}
