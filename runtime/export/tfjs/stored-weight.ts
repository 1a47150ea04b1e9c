import type { Range } from "../../integer/index.ts";

/** A tensor of the weight files, with its entry in the manifest. */
export interface StoredWeight {
  readonly entry: WeightEntry;
  readonly bytes: Uint8Array;
}

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  /** Stored as unsigned integers, which a loader turns into float32 numbers stored · scale + min. */
  readonly quantization?: {
    readonly dtype: "uint8" | "uint16";
    readonly scale: number;
    readonly min: number;
  };
}

export function storeFloats(
  name: string,
  shape: readonly number[],
  data: ArrayLike<number>,
): StoredWeight {
  const bytes = new Uint8Array(4 * data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i] ?? 0, true);
  return { entry: { name, shape, dtype: "float32" }, bytes };
}

/** For shapes, axes and paddings. */
export function storeIntegers(
  name: string,
  shape: readonly number[],
  data: readonly number[],
): StoredWeight {
  const bytes = new Uint8Array(4 * data.length);
  const view = new DataView(bytes.buffer);
  for (const [i, n] of data.entries()) view.setInt32(4 * i, n, true);
  return { entry: { name, shape, dtype: "int32" }, bytes };
}

/**
 * Levels of a quantizer, a byte each up to 8 bits and two above; loaded as float32 numbers that are the levels themselves, exactly: the
 * scale is 1, and small integers are added. The format has nothing smaller than a byte.
 */
export function storeLevels(
  name: string,
  shape: readonly number[],
  levels: ArrayLike<number>,
  { low, high }: Range,
): StoredWeight {
  const isByte = high - low < 256;
  const bytes = new Uint8Array(levels.length * (isByte ? 1 : 2));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < levels.length; i++) {
    const stored = (levels[i] ?? 0) - low;
    if (isByte) bytes[i] = stored;
    else view.setUint16(2 * i, stored, true);
  }
  const dtype = isByte ? "uint8" : "uint16";
  const quantization = { dtype, scale: 1, min: low } as const;
  return { entry: { name, shape, dtype: "float32", quantization }, bytes };
}
