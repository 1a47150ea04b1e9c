import { tf } from "../tensors.ts";
import { customGradient } from "../primitives/custom-gradient.ts";
import { stepGradientScale, type LsqConventions } from "./learned-step-quantize.ts";

/**
 * Fake quantization with a learned step and a learned zero point (Bhalgat et al., LSQ+, CVPRW 2020): (clip(round(v /
 * step) + z, low, high) - z) * step, ties to even. The zero point z is rounded to a level, so that 0 is on the grid and
 * padding with zeros stays exact. Gradients pass to v and to the step as with LSQ, to z where v is clipped.
 * @param v [...] @param range [2], the step and the zero point before rounding
 */
export function offsetQuantize(
  v: tf.Tensor,
  range: tf.Tensor,
  low: number,
  high: number,
  conventions: LsqConventions = {},
): tf.Tensor {
  return customGradient(
    [v, range],
    (save) => {
      save([v, range]);
      return tf.mul(offsetLevels(v, range, low, high), stepOfRange(range));
    },
    (gradient, saved) => {
      const [v, range] = [saved[0]!, saved[1]!];
      const { step, lowest, highest } = offsetBounds(range, low, high);
      const ratio = tf.div(v, step);
      const clipped = tf.minimum(tf.maximum(ratio, lowest), highest);
      const level = tf.round(clipped);
      const masksRounded = conventions.mask === "rounded";
      const beyond = masksRounded ? tf.sub(tf.round(ratio), level) : tf.sub(ratio, clipped);
      const isOutside = tf.step(tf.abs(beyond));
      const isInside = tf.sub(1, isOutside);
      // Half a level beyond the bounds may be inside; an infinite ratio times 0 would be no number.
      const reach = tf.minimum(tf.maximum(ratio, tf.sub(lowest, 0.5)), tf.add(highest, 0.5));
      const ofStep = tf.sum(tf.mul(gradient, tf.sub(level, tf.mul(reach, isInside))));
      const ofZero = tf.neg(tf.mul(step, tf.sum(tf.mul(gradient, isOutside))));
      const scale = stepGradientScale(v, step, high, conventions);
      return [tf.mul(gradient, isInside), tf.mul(tf.stack([ofStep, ofZero]), scale)];
    },
  );
}

/** The levels less the zero point: integers, 0 for 0, as ONNX QuantizeLinear and the subtraction behind it give. No gradient. */
export function offsetLevels(v: tf.Tensor, range: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.tidy(() => {
    const { step, lowest, highest } = offsetBounds(range, low, high);
    return tf.round(tf.minimum(tf.maximum(tf.div(v, step), lowest), highest));
  });
}

/** The step [] of a range [2]. */
export function stepOfRange(range: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.slice(range, [0], [1]), []);
}

/** Step, and the bounds of the levels less the zero point. */
function offsetBounds(range: tf.Tensor, low: number, high: number) {
  const learned = tf.reshape(tf.slice(range, [1], [1]), []);
  const zero = tf.round(tf.clipByValue(learned, low, high));
  return { step: stepOfRange(range), lowest: tf.sub(low, zero), highest: tf.sub(high, zero) };
}

/**
 * A first step for a kernel: max(|mean - 3 deviations|, |mean + 3 deviations|) / 2^(bits - 1) (LSQ+, section 3.2), where
 * `high` is 2^(bits - 1) - 1; [] or per last-axis channel [C]; never 0.
 */
export function threeSigmaStep(v: tf.Tensor, high: number, perChannel: boolean): tf.Tensor {
  return tf.tidy(() => {
    const channels = perChannel ? (v.shape[v.rank - 1] ?? 1) : 1;
    const { mean, variance } = tf.moments(tf.reshape(v, [-1, channels]), 0);
    // Of |mean - 3 deviations| and |mean + 3 deviations| the larger one.
    const reach = tf.add(tf.abs(mean), tf.mul(tf.sqrt(variance), 3));
    return tf.reshape(tf.maximum(tf.div(reach, high + 1), 1e-6), perChannel ? [channels] : []);
  });
}
