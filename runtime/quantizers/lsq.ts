import { tf } from "../tensors.ts";
import { channelSum } from "../primitives/channel-sum.ts";
import { customGradient } from "../primitives/custom-gradient.ts";

/** The integer grid of a quantizer, and what its step's gradient is multiplied by. */
export type LsqRange = {
  /** Lowest level, -8 for signed and 0 for unsigned 4-bit numbers. */
  readonly low: number;
  /** Highest level, 7 for signed and 15 for unsigned 4-bit numbers. */
  readonly high: number;
  /** LSQ's g, 1 / sqrt(count * high) in the paper. */
  readonly gradientScale: number;
  /** Whether a number counts as inside the bounds when its rounded ratio is (MQBench), and not the ratio itself. */
  readonly masksRounded?: boolean;
};

/**
 * Fake quantization with a learned step (Esser et al., LSQ, ICLR 2020, equations 1-3 and 5):
 * round(clip(v / step, low, high)) * step, ties to even.
 * Gradients pass where v / step, not rounded, lies within the bounds (inclusive).
 * @param v [..., C]
 * @param step [] for one step, [C] for one per last-axis channel; positive, which the trainer sees to
 */
export function lsqFakeQuantize(v: tf.Tensor, step: tf.Tensor, range: LsqRange): tf.Tensor {
  return customGradient(
    [v, step],
    (save) => {
      save([v, step]);
      return tf.mul(quantizeLevels(v, step, range.low, range.high), step);
    },
    (gradient, saved) => lsqGradients(gradient, saved[0]!, saved[1]!, range),
  );
}

/**
 * The integer levels round(clip(v / step, low, high)), ties to even, as float32. No gradient.
 * The order division, clip, round is that of ONNX QuantizeLinear, so both give the same integers.
 */
export function quantizeLevels(
  v: tf.Tensor,
  step: tf.Tensor,
  low: number,
  high: number,
): tf.Tensor {
  return tf.tidy(() => tf.round(tf.clipByValue(tf.div(v, step), low, high)));
}

/** A first step for data v: 2 * mean|v| / sqrt(high), [] or per last-axis channel [C]; never 0. */
export function lsqInitialStep(v: tf.Tensor, high: number, perChannel: boolean): tf.Tensor {
  return tf.tidy(() => {
    const channels = perChannel ? (v.shape[v.rank - 1] ?? 1) : 1;
    const magnitudes = tf.mean(tf.reshape(tf.abs(v), [-1, channels]), 0);
    const smallest = 1e-6;
    const steps = tf.maximum(tf.mul(magnitudes, 2 / Math.sqrt(high)), smallest);
    return tf.reshape(steps, perChannel ? [channels] : []);
  });
}

/**
 * d out / d v = 1 inside the bounds, 0 outside; d out / d step = round(v / step) - v / step inside, the
 * bound outside. Written without comparisons, which are slow on some engines.
 */
function lsqGradients(gradient: tf.Tensor, v: tf.Tensor, step: tf.Tensor, range: LsqRange) {
  const [reach, isInside] = reachWithMask(v, step, range);
  // A scope of its own lets the intermediate results go before the next ones come.
  const ofStep = tf.tidy(() => {
    const rounded = tf.round(reach);
    const level = range.masksRounded ? tf.clipByValue(rounded, range.low, range.high) : rounded;
    const error = tf.sub(level, tf.mul(reach, isInside));
    const perElement = tf.mul(gradient, error);
    const total = step.rank === 0 ? tf.sum(perElement) : channelSum(perElement);
    return tf.mul(total, range.gradientScale);
  });
  return [tf.mul(gradient, isInside), ofStep];
}

/** v / step as far as the bounds, and 1 where it counts as inside them, 0 elsewhere. */
function reachWithMask(v: tf.Tensor, step: tf.Tensor, { low, high, masksRounded }: LsqRange) {
  return tf.tidy((): [tf.Tensor, tf.Tensor] => {
    const ratio = tf.div(v, step);
    if (!masksRounded) {
      const clipped = tf.clipByValue(ratio, low, high);
      return [clipped, tf.sub(1, tf.step(tf.abs(tf.sub(ratio, clipped))))];
    }
    // A rounded ratio is inside up to half a level beyond the bounds; an infinite one times 0 would be no number.
    const rounded = tf.round(ratio);
    const distance = tf.sub(rounded, tf.clipByValue(rounded, low, high));
    const reach = tf.clipByValue(ratio, low - 0.5, high + 0.5);
    return [reach, tf.sub(1, tf.step(tf.abs(distance)))];
  });
}
