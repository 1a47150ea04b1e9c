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
  const step =
    granularity === "channel"
      ? ({ kind: "vector", size: builder.kernelType(value).out } as const)
      : ({ kind: "scalar" } as const);
  const stepValue = builder.leaf("weight", step, { path: weightPath(path, "step") });
  return builder.emit("quantize", [value, stepValue], {
    quantizer: quantizer.quantizer,
    bits,
    low,
    high,
    path,
  });
}
