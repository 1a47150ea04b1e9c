import { tf } from "../../../tensors.ts";
import type { KernelCall } from "./prefer-kernel.ts";

/**
 * A depthwise 1x1 convolution is a factor per channel, and its bias a summand: the same roundings, in two passes of the
 * simplest kind, where TensorFlow's depthwise convolution takes twice as long.
 */
export function scaleChannels({ inputs, attributes }: KernelCall): tf.Tensor | undefined {
  const { x, filter, bias, preluActivationWeights } = inputs;
  const activation = attributes["activation"] ?? "linear";
  const [height, width, channels = 0, multiplier] = filter?.shape ?? [];
  const isFactor = height === 1 && width === 1 && multiplier === 1;
  if (!x || !filter || !isFactor || activation !== "linear" || preluActivationWeights) {
    return undefined;
  }
  if (!isOneByOne(attributes["strides"]) || attributes["pad"] !== "valid") return undefined;
  const scaled = tf.mul(x, tf.reshape(filter, [channels]));
  return bias === undefined || bias === null ? scaled : tf.add(scaled, bias);
}

function isOneByOne(strides: unknown): boolean {
  return Array.isArray(strides) ? strides.every((one) => one === 1) : strides === 1;
}
