import { tf } from "../tensors.ts";
import { customGradient } from "../primitives/custom-gradient.ts";

/**
 * The smallest step of a symmetric grid up to `high` that clips nothing: max|v| / high, [] or per last-axis channel
 * [C]; never 0. Not differentiable.
 * @param v [..., C]
 */
export function rangeStep(v: tf.Tensor, high: number, perChannel: boolean): tf.Tensor {
  return tf.tidy(() => {
    const channels = perChannel ? (v.shape[v.rank - 1] ?? 1) : 1;
    const largest = tf.max(tf.reshape(tf.abs(v), [-1, channels]), 0);
    const steps = tf.maximum(tf.div(largest, high), 1e-6);
    return tf.reshape(steps, perChannel ? [channels] : []);
  });
}

/** A running step moved towards that of v by `momentum`, the share of the new one. Not differentiable. */
export function followRange(
  running: tf.Tensor,
  v: tf.Tensor,
  high: number,
  momentum: number,
): tf.Tensor {
  const step = rangeStep(v, high, false);
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(step, momentum));
}

/**
 * Fake quantization with a step that is no variable: round(clip(v / step, low, high)) * step; gradients pass to v where
 * v / step lies within the bounds (inclusive), and to nothing else.
 * @param v [..., C] @param step [] or [C]
 */
export function fixedStepQuantize(
  v: tf.Tensor,
  step: tf.Tensor,
  low: number,
  high: number,
): tf.Tensor {
  return customGradient(
    [v],
    (save) => {
      save([v, step]);
      return tf.mul(tf.round(tf.clipByValue(tf.div(v, step), low, high)), step);
    },
    (gradient, saved) => {
      const ratio = tf.div(saved[0]!, saved[1]!);
      const beyond = tf.sub(ratio, tf.clipByValue(ratio, low, high));
      return [tf.mul(gradient, tf.sub(1, tf.step(tf.abs(beyond))))];
    },
  );
}
