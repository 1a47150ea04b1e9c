import { TensorProto_DataType as DataType } from "onnx-buf";
import type { Range } from "../integer/index.ts";

/** An ONNX integer type that can hold the levels of a quantizer. */
export interface StoredType {
  readonly name: "UINT4" | "INT4" | "UINT8" | "INT8" | "UINT16" | "INT16";
  readonly type: DataType;
  readonly bits: 4 | 8 | 16;
  readonly low: number;
  readonly high: number;
}

/** From small to large. */
const storedTypes: readonly StoredType[] = [
  { name: "UINT4", type: DataType.UINT4, bits: 4, low: 0, high: 15 },
  { name: "INT4", type: DataType.INT4, bits: 4, low: -8, high: 7 },
  { name: "UINT8", type: DataType.UINT8, bits: 8, low: 0, high: 255 },
  { name: "INT8", type: DataType.INT8, bits: 8, low: -128, high: 127 },
  { name: "UINT16", type: DataType.UINT16, bits: 16, low: 0, high: 65535 },
  { name: "INT16", type: DataType.INT16, bits: 16, low: -32768, high: 32767 },
];

function smallest(types: readonly StoredType[], { low, high }: Range): StoredType {
  const type = types.find((t) => t.low <= low && high <= t.high);
  if (!type) throw new Error(`repqc bug: no ONNX type holds levels ${low}..${high}`);
  return type;
}

/** The smallest type that holds a kernel's levels. */
export function kernelStorage(range: Range): StoredType {
  return smallest(storedTypes, range);
}

/**
 * The smallest type that holds an activation's levels, except INT4: from level `extended` on, onnxruntime (seen in 1.30) drops a Relu in
 * front of a QuantizeLinear to INT4 as if that type had no negative numbers. INT8 with a Clip to the 4-bit range means the same. And behind a
 * MaxPool: onnxruntime moves the QuantizeLinear in front of that, which it computes of 8-bit integers (and floats) only.
 */
export function activationStorage(range: Range, isPooled: boolean): StoredType {
  const isUsable = ({ name, bits }: StoredType) => name !== "INT4" && !(isPooled && bits === 4);
  return smallest(storedTypes.filter(isUsable), range);
}
