import type { GraphBuilder, Quantizer, ValueId } from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";

/** Puts a value on its quantizer's grid; without a quantizer, the value itself. */
export function quantized(
  builder: GraphBuilder,
  value: ValueId,
  quantizer: Quantizer | undefined,
): ValueId {
  if (!quantizer) return value;
  const { bits, low, high, path, granularity } = quantizer;
  const channels = granularity === "channel" ? builder.kernelType(value).out : 0;
  const stepValue = stepLeaf(builder, quantizer, channels);
  return builder.emit("quantize", [value, stepValue], {
    quantizer: quantizer.quantizer,
    bits,
    low,
    high,
    path,
  });
}

/** A quantizer's step: one number, or one per output channel of its kernel. */
export function stepLeaf(
  builder: GraphBuilder,
  { path, granularity }: Quantizer,
  channels: number,
): ValueId {
  const isVector = granularity === "channel";
  const type = isVector
    ? ({ kind: "vector", size: channels } as const)
    : ({ kind: "scalar" } as const);
  return builder.leaf("weight", type, { path: weightPath(path, "step") });
}
