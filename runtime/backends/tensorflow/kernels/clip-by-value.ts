import { tf } from "../../../tensors.ts";
import { runOnFloats } from "../native.ts";
import type { KernelCall } from "./prefer-kernel.ts";

/** TensorFlow clips in one pass; tfjs-node takes a minimum and then a maximum. */
export function clipInOne({ inputs, attributes }: KernelCall): tf.Tensor | undefined {
  const { x } = inputs;
  if (x?.dtype !== "float32") return undefined;
  const [low, high] = [attributes["clipValueMin"], attributes["clipValueMax"]] as [number, number];
  return runOnFloats("ClipByValue", [x, tf.scalar(low), tf.scalar(high)]);
}
