import { CorruptFile } from "../files.ts";

/** An array of bytes as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major, as many as the product of `shape`; a view of the file's bytes. */
  readonly data: Uint8Array;
}

const byteType = 0x08;
const again = "Download it again, and check that it is the file you meant.";

/**
 * Reads an IDX file of unsigned bytes (the format of the MNIST family, http://yann.lecun.com/exdb/mnist:
 * two zero bytes, type, number of dimensions, each size as a big-endian 32-bit integer, data).
 *
 * @param bytes unpacked
 * @param rank how many dimensions the file must have
 * @throws CorruptFile
 */
export function readIdx(bytes: Uint8Array, file: string, rank: number): IdxArray {
  const [first, second, type, dimensions] = bytes;
  if (first !== 0 || second !== 0 || type === undefined || dimensions === undefined) {
    throw new CorruptFile(file, "is not an IDX file: it should begin with two zero bytes", again);
  }
  if (type !== byteType) {
    const problem = `holds IDX numbers of type ${hexadecimal(type)}; only bytes (${hexadecimal(byteType)}) are read`;
    throw new CorruptFile(file, problem, again);
  }
  if (dimensions !== rank) {
    throw new CorruptFile(file, `has ${dimensions} dimensions, not ${rank}`, again);
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new CorruptFile(file, "is cut off in its header", again);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
  if (bytes.length - start !== size) {
    const problem = `has ${bytes.length - start} bytes of data, and its shape [${shape.join(", ")}] takes ${size}`;
    throw new CorruptFile(file, problem, again);
  }
  return { shape, data: bytes.subarray(start) };
}

function hexadecimal(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
