/** How one of safetensors' number formats becomes float32. */
export interface NumberFormat {
  /** Bytes of one number. */
  readonly bytes: number;
  /** Reads `count` numbers that lie little-endian at the view's beginning. */
  decode(view: DataView, count: number): Float32Array;
}

/**
 * The formats that are read, under safetensors' names. F32, F16, BF16, U8 and I8 convert exactly
 * (a NaN stays a NaN). F64, I64 and I32 are rounded once to the nearest float32, ties to even: exact
 * for integers up to 2^24 in size; a float64 beyond float32's range becomes an infinity.
 */
export const numberFormats: ReadonlyMap<string, NumberFormat> = new Map([
  ["F32", { bytes: 4, decode: decodeFloat32 }],
  ["F64", format(8, (view, at) => view.getFloat64(at, true))],
  ["F16", format(2, (view, at) => halfToNumber(view.getUint16(at, true)))],
  ["BF16", { bytes: 2, decode: decodeBrainFloat }],
  ["I64", format(8, (view, at) => roundBigInteger(view.getBigInt64(at, true)))],
  ["I32", format(4, (view, at) => view.getInt32(at, true))],
  ["U8", format(1, (view, at) => view.getUint8(at))],
  ["I8", format(1, (view, at) => view.getInt8(at))],
]);

function format(bytes: number, get: (view: DataView, at: number) => number): NumberFormat {
  const decode = (view: DataView, count: number): Float32Array => {
    const numbers = new Float32Array(count);
    for (let i = 0; i < count; i++) numbers[i] = get(view, i * bytes);
    return numbers;
  };
  return { bytes, decode };
}

// Through integers, because a float32 that passes through a JavaScript number may lose a NaN's payload.
function decodeFloat32(view: DataView, count: number): Float32Array {
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++) bits[i] = view.getUint32(4 * i, true);
  return new Float32Array(bits.buffer);
}

// A bfloat16 is the upper half of a float32.
function decodeBrainFloat(view: DataView, count: number): Float32Array {
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * A number whose float32 rounding is the integer's own. `Number(value)` alone would round twice above
 * 2^53; rounding the low 11 bits to odd first keeps the second rounding right.
 */
function roundBigInteger(value: bigint): number {
  const direct = Number(value);
  if (Number.isSafeInteger(direct)) return direct;
  const upper = value >> 11n;
  const odd = (value & 2047n) === 0n ? upper : upper | 1n;
  return Number(odd) * 2048;
}
