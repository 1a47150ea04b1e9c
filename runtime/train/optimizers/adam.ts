import { tf } from "../../tensors.ts";
import type { Optimizer } from "./optimizer.ts";

export interface AdamOptions {
  /** Decay of the mean of gradients; 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; 0.999. */
  readonly beta2?: number;
  /** Added to the root, against division by zero; 1e-8. */
  readonly epsilon?: number;
}

/** Adam (Kingma and Ba, ICLR 2015, algorithm 1), both means corrected for their start at zero. */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): Optimizer {
  return {
    name: "adam",
    slots: ["mean", "square"],
    move: (weight, gradient, [mean, square], rate, count) => {
      const newMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1));
      const newSquare = tf.add(tf.mul(square!, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const root = tf.sqrt(tf.mul(newSquare, 1 / (1 - beta2 ** count)));
      const step = tf.div(newMean, tf.add(root, epsilon));
      const corrected = rate / (1 - beta1 ** count);
      return { weight: tf.sub(weight, tf.mul(step, corrected)), slots: [newMean, newSquare] };
    },
  };
}
