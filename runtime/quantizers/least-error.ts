import { tf } from "../tensors.ts";
import { quantizeLevels } from "./lsq.ts";
import { offsetLevels, stepOfRange } from "./lsq-plus.ts";
import { rangeStep } from "./range-step.ts";

/** What a range is multiplied by in a search: 7 % apart, down to a tenth. */
const shares = Array.from({ length: 32 }, (_, index) => 0.93 ** index);
/** The same around what has been found. */
const nearby = Array.from({ length: 13 }, (_, index) => 0.93 ** (index - 6));

/**
 * A first step for data v: of steps 7 % apart, from the range's down to a tenth of it, the one with the least squared
 * error of round(clip(v / step, low, high)) * step; [] or per last-axis channel [C]; never 0. Not differentiable.
 * @param v [..., C]
 */
export function leastErrorStep(
  v: tf.Tensor,
  high: number,
  perChannel: boolean,
  low: number,
): tf.Tensor {
  return tf.tidy(() => {
    const range = rangeStep(v, high, perChannel);
    const errorOf = (share: number): tf.Tensor => {
      const step = tf.mul(range, share);
      return squaredError(v, tf.mul(quantizeLevels(v, step, low, high), step), perChannel);
    };
    return tf.mul(range, bestOf(shares, errorOf));
  });
}

/**
 * A first range for data v, the step and the level of 0, of least squared error (LSQ+, section 3.2). Where the paper
 * descends by gradients, the bounds are moved in by turns. Both numbers are positive. Not differentiable.
 * @param v [...] @returns [2]
 */
export function leastErrorRange(v: tf.Tensor, high: number): tf.Tensor {
  return tf.tidy(() => {
    const below = tf.neg(tf.minimum(tf.min(v), 0));
    const above = tf.maximum(tf.max(v), 0);
    const errorOf = (least: tf.Tensor, most: tf.Tensor): tf.Tensor => {
      const range = rangeBetween(least, most, high);
      return squaredError(v, tf.mul(offsetLevels(v, range, 0, high), stepOfRange(range)), false);
    };
    let [least, most] = [below, above];
    for (const factors of [shares, nearby]) {
      most = tf.mul(
        most,
        bestOf(factors, (factor) => errorOf(least, tf.mul(most, factor))),
      );
      least = tf.mul(
        least,
        bestOf(factors, (factor) => errorOf(tf.mul(least, factor), most)),
      );
    }
    return rangeBetween(least, most, high);
  });
}

/** The factor of least error, [] or per channel [C]; no number is read. */
function bestOf(factors: readonly number[], errorOf: (factor: number) => tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const errors = tf.stack(factors.map((factor) => tf.tidy(() => errorOf(factor))));
    // WebGPU makes of the index of all a list of one.
    const found = tf.gather(tf.tensor1d([...factors]), tf.argMin(errors, 0));
    return tf.reshape(found, errors.shape.slice(1));
  });
}

function squaredError(v: tf.Tensor, quantized: tf.Tensor, perChannel: boolean): tf.Tensor {
  const squares = tf.squaredDifference(v, quantized);
  const channels = v.shape[v.rank - 1] ?? 1;
  return perChannel ? tf.mean(tf.reshape(squares, [-1, channels]), 0) : tf.mean(squares);
}

/** Step and zero point of a grid from `below` under 0 to `above` over it. */
function rangeBetween(below: tf.Tensor, above: tf.Tensor, high: number): tf.Tensor {
  const step = tf.maximum(tf.div(tf.add(below, above), high), 1e-6);
  // A quarter of a level is rounded to 0, and not below what steps may be.
  return tf.stack([step, tf.maximum(tf.div(below, step), 0.25)]);
}
