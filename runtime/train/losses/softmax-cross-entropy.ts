import { customGradient } from "../../primitives/custom-gradient.ts";
import { tf } from "../../tensors.ts";
import type { Loss } from "./loss.ts";

/**
 * Cross entropy of softmax(output [B, classes]) and labels [B] (int32), mean over the batch. With `smoothing` s the target is
 * 1 - s + s / classes for the label and s / classes elsewhere. A teacher's target is its probabilities [B, classes], as they are.
 */
export function softmaxCrossEntropy(smoothing: number): Loss {
  return {
    name: "softmax_cross_entropy",
    targetOf: (output) => tf.softmax(output),
    compute: (output, labels) => {
      const [count = 1, classes = 1] = output.shape;
      if (labels.rank === 2) return crossEntropy(output, labels, count);
      // As integers: wasm's one-hot writes wrong bits into float tensors.
      const isLabel = tf.cast(tf.oneHot(labels as tf.Tensor1D, classes), "float32");
      const target = tf.add(tf.mul(isLabel, 1 - smoothing), smoothing / classes);
      return crossEntropy(output, target, count);
    },
  };
}

/** d loss / d output = (softmax - target) / B. */
function crossEntropy(output: tf.Tensor, target: tf.Tensor, count: number): tf.Tensor {
  return customGradient(
    [output],
    (save) => {
      const shifted = tf.sub(output, tf.max(output, 1, true));
      const exponentials = tf.exp(shifted);
      const total = tf.sum(exponentials, 1, true);
      save([tf.div(exponentials, total), target]);
      const logarithms = tf.sub(shifted, tf.log(total));
      return tf.div(tf.neg(tf.sum(tf.mul(logarithms, target))), count);
    },
    (gradient, [probabilities, wanted]) => [
      tf.mul(tf.sub(probabilities!, wanted!), tf.div(gradient, count)),
    ],
  );
}
