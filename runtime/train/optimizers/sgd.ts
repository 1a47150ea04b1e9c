import { tf } from "../../tensors.ts";
import type { Optimizer } from "./optimizer.ts";

/** Gradient descent with momentum as PyTorch counts it: v = momentum * v + g, w = w - rate * v. */
export function sgd(momentum: number): Optimizer {
  if (momentum === 0) {
    return {
      name: "sgd",
      slots: [],
      move: (weight, gradient, _, rate) => ({
        weight: tf.sub(weight, tf.mul(gradient, rate)),
        slots: [],
      }),
    };
  }
  return {
    name: "sgd",
    slots: ["velocity"],
    move: (weight, gradient, [velocity], rate) => {
      const faster = tf.add(tf.mul(velocity!, momentum), gradient);
      return { weight: tf.sub(weight, tf.mul(faster, rate)), slots: [faster] };
    },
  };
}
