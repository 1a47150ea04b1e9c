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
 * The smallest type of whole bytes that holds an activation's levels; a Clip to the range follows where it is wider. Two numbers in a byte
 * are not computed with reliably: onnxruntime up to 1.30 takes a tensor of N such numbers for as large as one of N bytes, and reuses its
 * memory for that (its pull request 32611); from level `extended` on it drops a Relu in front of a QuantizeLinear to INT4 as if
 * that type had no negative numbers; and it moves a QuantizeLinear in front of a MaxPool, which it computes of bytes and floats only.
 */
export function activationStorage(range: Range): StoredType {
  return smallest(
    storedTypes.filter(({ bits }) => bits >= 8),
    range,
  );
}
