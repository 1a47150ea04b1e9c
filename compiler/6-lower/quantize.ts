import type { GraphBuilder, Quantizer, ValueId } from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";
import { offsetQuantizers, rangeQuantizers } from "../quantizer-names.ts";

/** Puts a value on its quantizer's grid; without a quantizer, the value itself. */
export function quantized(
  builder: GraphBuilder,
  value: ValueId,
  quantizer: Quantizer | undefined,
): ValueId {
  if (!quantizer) return value;
  const channels = quantizer.granularity === "channel" ? builder.kernelType(value).out : 0;
  const stepValue = stepLeaf(builder, quantizer, channels);
  return builder.emit("quantize", [value, stepValue], attributesOf(quantizer));
}

/** As `quantized`, of a kernel in training: where its step follows from the kernel there is none to keep. */
export function quantizedKernel(
  builder: GraphBuilder,
  kernel: ValueId,
  quantizer: Quantizer | undefined,
): ValueId {
  if (!quantizer || !hasOwnRange(quantizer)) return quantized(builder, kernel, quantizer);
  return builder.emit("quantize_range", [kernel], attributesOf(quantizer));
}

/** The step that a kernel is deployed with: the trained one, or the one that follows from the merged kernel. */
export function deployedStep(
  builder: GraphBuilder,
  quantizer: Quantizer,
  kernel: ValueId,
): ValueId {
  const { granularity: per, high } = quantizer;
  if (hasOwnRange(quantizer)) return builder.emit("range_step", [kernel], { high, per });
  return stepLeaf(builder, quantizer, builder.kernelType(kernel).out);
}

function hasOwnRange({ quantizer }: Quantizer): boolean {
  return rangeQuantizers.has(quantizer);
}

function attributesOf({
  quantizer,
  bits,
  low,
  high,
  path,
  options,
  granularity,
  reason,
}: Quantizer) {
  return { quantizer, bits, low, high, path, ...options, per: granularity, reason };
}

/** A quantizer's step: one number, or one per output channel of its kernel, or with its zero point. */
export function stepLeaf(
  builder: GraphBuilder,
  { quantizer, path, granularity }: Quantizer,
  channels: number,
): ValueId {
  const hasZeroPoint = Object.values(offsetQuantizers).includes(quantizer);
  const isVector = granularity === "channel" || hasZeroPoint;
  const type = isVector
    ? ({ kind: "vector", size: hasZeroPoint ? 2 : channels } as const)
    : ({ kind: "scalar" } as const);
  return builder.leaf("weight", type, { path: weightPath(path, "step") });
}
