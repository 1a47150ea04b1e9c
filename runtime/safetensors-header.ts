import { findDuplicateKey } from "./duplicate-key.ts";
import { CorruptFile } from "./files.ts";
import { numberFormats, type NumberFormat } from "./number-formats.ts";

/** Where one tensor of a safetensors file lies. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly format: NumberFormat;
  /** Numbers in the tensor: the product of the shape. */
  readonly count: number;
  /** Bytes from the beginning of the data, which follows the header. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Where the data begins in the file, in bytes. */
  readonly dataStart: number;
}

/** Bytes before the header: its length as an unsigned 64-bit little-endian integer. */
export const lengthBytes = 8;

/** The reference implementation refuses longer headers, and no honest file comes near. */
const longestHeader = 100_000_000;

const again = "Save, copy or download it again.";
const otherFile = "Pass a safetensors file, or write it again with the program that made it.";

/**
 * Reads and checks the header of a safetensors file: afterwards every entry's bytes are known to lie
 * in the file, to fit its shape and to leave neither gap nor overlap.
 *
 * @throws CorruptFile
 */
export function readHeader(bytes: Uint8Array, file: string): SafetensorsHeader {
  const length = readLength(bytes, file);
  const dataStart = lengthBytes + length;
  const { metadata, tensors } = parseHeader(bytes.subarray(lengthBytes, dataStart), file);
  const entries = tensors.map(([name, value]) => readEntry(name, value, file));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(entries, bytes.length - dataStart, file);
  return { entries, metadata, dataStart };
}

function readLength(bytes: Uint8Array, file: string): number {
  if (bytes.length < lengthBytes) {
    const problem = `is cut off: it has ${bytes.length} bytes, and a safetensors file begins with ${lengthBytes} bytes for the length of its header`;
    throw new CorruptFile(file, problem, again);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(longestHeader)) {
    const problem = `is no safetensors file: its first ${lengthBytes} bytes would mean a header of ${length} bytes, and the limit is ${longestHeader}`;
    throw new CorruptFile(file, problem, otherFile);
  }
  if (length > BigInt(bytes.length - lengthBytes)) {
    const problem = `is cut off or is no safetensors file: its header should have ${length} bytes, and only ${bytes.length - lengthBytes} are there`;
    throw new CorruptFile(file, problem, again);
  }
  return Number(length);
}

interface RawHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly (readonly [name: string, value: unknown])[];
}

function parseHeader(header: Uint8Array, file: string): RawHeader {
  const { text, value } = parseJson(header, file);
  if (!isObject(value)) {
    throw new CorruptFile(file, "has a header that is not a JSON object", otherFile);
  }
  const twice = findDuplicateKey(text);
  if (twice !== undefined) {
    const problem = `has a header that names ${quote(twice)} twice`;
    throw new CorruptFile(file, problem, otherFile);
  }
  const all = Object.entries(value);
  const tensors = all.filter(([name]) => name !== "__metadata__");
  const found = all.find(([name]) => name === "__metadata__");
  return { metadata: readMetadata(found?.[1] ?? {}, file), tensors };
}

function parseJson(header: Uint8Array, file: string): { text: string; value: unknown } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
    return { text, value: JSON.parse(text) };
  } catch {
    throw new CorruptFile(file, "has a header that is not JSON text", otherFile);
  }
}

function readMetadata(value: unknown, file: string): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (!isObject(value)) {
    throw new CorruptFile(file, "has a `__metadata__` that is not a JSON object", otherFile);
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") {
      const problem = `has metadata ${quote(key)} that is not a string`;
      throw new CorruptFile(file, problem, otherFile);
    }
    metadata.set(key, text);
  }
  return metadata;
}

function readEntry(name: string, value: unknown, file: string): TensorEntry {
  const where = `has a tensor ${quote(name)}`;
  if (!isObject(value)) {
    throw new CorruptFile(file, `${where} that is not described by a JSON object`, otherFile);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  const format = typeof dtype === "string" ? numberFormats.get(dtype) : undefined;
  if (format === undefined) {
    const problem = `${where} of number format ${typeof dtype === "string" ? quote(dtype) : "(none)"}`;
    const known = [...numberFormats.keys()].join(", ");
    throw new CorruptFile(file, problem, `Convert it to one of ${known}.`);
  }
  if (!isListOfSizes(shape)) {
    const problem = `${where} whose shape is not a list of whole numbers, 0 or more`;
    throw new CorruptFile(file, problem, otherFile);
  }
  if (!isListOfSizes(offsets) || offsets.length !== 2) {
    const problem = `${where} whose \`data_offsets\` are not two whole numbers, 0 or more`;
    throw new CorruptFile(file, problem, otherFile);
  }
  const [begin = 0, end = 0] = offsets;
  // A zero anywhere makes the tensor empty; multiplying first could give infinity times zero.
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (end - begin !== count * format.bytes) {
    const problem = `${where} of shape [${shorten(shape.join(", "))}] and format ${String(dtype)}, which takes ${count * format.bytes} bytes, but gives it the bytes ${begin} to ${end}`;
    throw new CorruptFile(file, problem, otherFile);
  }
  return { name, shape, format, count, begin, end };
}

/** The format wants the data covered exactly once, so that a shortened or extended file is noticed. */
function checkCover(entries: readonly TensorEntry[], size: number, file: string): void {
  let covered = 0;
  for (const { name, begin, end } of entries) {
    const where = `has a tensor ${quote(name)} at bytes ${begin} to ${end}`;
    if (end > size) {
      const problem = `is cut off: it ${where} of the data, and the data has ${size} bytes`;
      throw new CorruptFile(file, problem, again);
    }
    if (begin < covered) {
      const problem = `${where} that overlaps another tensor's bytes`;
      throw new CorruptFile(file, problem, otherFile);
    }
    if (begin > covered) {
      const problem = `${where}, and nothing is said about bytes ${covered} to ${begin}`;
      throw new CorruptFile(file, problem, otherFile);
    }
    covered = end;
  }
  if (covered < size) {
    const problem = `has ${size - covered} bytes after its last tensor`;
    throw new CorruptFile(file, problem, again);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfSizes(value: unknown): value is readonly number[] {
  const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0;
  return Array.isArray(value) && value.every(isSize);
}

function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

/** Damaged files have names of any length; a person needs their beginning. */
function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
