import { create } from "@bufbuild/protobuf";
import { TensorProto_DataType as DataType, TensorProtoSchema, type TensorProto } from "onnx-buf";
import type { StoredType } from "./stored-type.ts";

function tensor(
  name: string,
  dataType: DataType,
  shape: readonly number[],
  rawData: Uint8Array<ArrayBuffer>,
): TensorProto {
  return create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData });
}

export function floatTensor(
  name: string,
  shape: readonly number[],
  data: ArrayLike<number>,
): TensorProto {
  const bytes = new Uint8Array(4 * data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i] ?? 0, true);
  return tensor(name, DataType.FLOAT, shape, bytes);
}

/** A vector of int64, for shapes and axes. */
export function indexTensor(name: string, data: readonly number[]): TensorProto {
  const bytes = new Uint8Array(8 * data.length);
  const view = new DataView(bytes.buffer);
  for (const [i, n] of data.entries()) view.setBigInt64(8 * i, BigInt(n), true);
  return tensor(name, DataType.INT64, [data.length], bytes);
}

/** Integer levels in as few bits as the type has; of two 4-bit levels in a byte the first has the low half. */
export function levelTensor(
  name: string,
  shape: readonly number[],
  levels: ArrayLike<number>,
  { type, bits }: StoredType,
): TensorProto {
  const bytes = new Uint8Array(Math.ceil((levels.length * bits) / 8));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i] ?? 0;
    if (bits === 4) bytes[i >> 1]! |= (level & 15) << (4 * (i & 1));
    else if (bits === 8) bytes[i] = level;
    else view.setInt16(2 * i, level, true);
  }
  return tensor(name, type, shape, bytes);
}
