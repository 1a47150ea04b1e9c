import { tf } from "../tensors.ts";
import { quantizeLevels } from "./lsq.ts";
import { rangeStep } from "./range-step.ts";

/** Of more numbers than this each way, every second pixel, third, ... speaks for all. */
const enough = 2 ** 20;
/** No step is smaller. */
const least = 1e-6;

/** What a range is multiplied by in a search: 7 % apart, down to a tenth. */
const shares = Array.from({ length: 32 }, (_, index) => 0.93 ** index);
/** The same around what has been found, which is the best where others are as good. */
const nearby = [1, ...[1, 2, 3, 4, 5, 6].flatMap((index) => [0.93 ** index, 0.93 ** -index])];

/**
 * A first step for data v: of steps 7 % apart, from the range's down to a tenth of it, the one with the least squared
 * error of round(clip(v / step, low, high)) * step; [] or per last-axis channel [C]; never 0. Not differentiable.
 * @param v [..., C]; of a large one a part
 */
export function leastErrorStep(
  v: tf.Tensor,
  high: number,
  perChannel: boolean,
  low: number,
): tf.Tensor {
  return tf.tidy(() => {
    const range = rangeStep(v, high, perChannel);
    const some = sampleOf(v);
    const errorOf = (share: number): tf.Tensor => {
      const step = tf.mul(range, share);
      return squaredError(some, tf.mul(quantizeLevels(some, step, low, high), step), perChannel);
    };
    return tf.maximum(tf.mul(range, bestOf(shares, errorOf)), least);
  });
}

/**
 * A first range for data v, the step and the level of 0, of least squared error (LSQ+, section 3.2). Where the paper
 * descends by gradients, the bounds are moved in by turns. Both numbers are positive. Not differentiable.
 * @param v [...] @returns [2]
 */
export function leastErrorRange(v: tf.Tensor, high: number): tf.Tensor {
  return tf.tidy(() => {
    let below = tf.neg(tf.minimum(tf.min(v), 0));
    let above = tf.maximum(tf.max(v), 0);
    const some = sampleOf(v);
    for (const factors of [shares, nearby]) {
      const ofAbove = bestOf(factors, (factor) =>
        errorBetween(some, below, tf.mul(above, factor), high),
      );
      above = tf.mul(above, ofAbove);
      const ofBelow = bestOf(factors, (factor) =>
        errorBetween(some, tf.mul(below, factor), above, high),
      );
      below = tf.mul(below, ofBelow);
    }
    return tf.stack([...gridBetween(below, above, high)]);
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

/** v, or where it is large every nth pixel of it [..., C], so that all channels are in it. */
function sampleOf(v: tf.Tensor): tf.Tensor {
  const distance = Math.floor(v.size / enough);
  if (distance <= 1) return v;
  const channels = v.shape[v.rank - 1] ?? 1;
  const rows = Math.floor(v.size / channels / distance);
  const trimmed = tf.slice(tf.reshape(v, [-1, channels]), [0, 0], [rows * distance, channels]);
  const grouped = tf.reshape(trimmed, [rows, distance * channels]);
  return tf.slice(grouped, [0, 0], [rows, channels]);
}

/** The squared error of a grid with a zero point; added before clipping, so that the bounds are numbers, which is faster. */
function errorBetween(v: tf.Tensor, below: tf.Tensor, above: tf.Tensor, high: number): tf.Tensor {
  const [step, zeroPoint] = gridBetween(below, above, high);
  const zero = tf.round(tf.clipByValue(zeroPoint, 0, high));
  const levels = tf.clipByValue(tf.add(tf.round(tf.div(v, step)), zero), 0, high);
  return squaredError(v, tf.mul(tf.sub(levels, zero), step), false);
}

function squaredError(v: tf.Tensor, quantized: tf.Tensor, perChannel: boolean): tf.Tensor {
  const squares = tf.squaredDifference(v, quantized);
  const channels = v.shape[v.rank - 1] ?? 1;
  return perChannel ? tf.mean(tf.reshape(squares, [-1, channels]), 0) : tf.mean(squares);
}

/** Step and zero point of a grid from `below` under 0 to `above` over it. */
function gridBetween(
  below: tf.Tensor,
  above: tf.Tensor,
  high: number,
): readonly [step: tf.Tensor, zeroPoint: tf.Tensor] {
  const step = tf.maximum(tf.div(tf.add(below, above), high), least);
  // A quarter of a level is rounded to 0, and not below what steps may be.
  return [step, tf.maximum(tf.div(below, step), 0.25)];
}
