import { lengthBytes, readHeader } from "./safetensors-header.ts";

/** A tensor outside any backend: float32 numbers in row-major order. */
export interface HostTensor {
  /** Sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
  /** As many numbers as the product of `shape`. */
  readonly data: Float32Array;
}

export interface Safetensors {
  /** In the order of their data in the file. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors: length of the header, header as
 * JSON, data). Number formats other than F32 are converted as `numberFormats` says. The tensors own
 * their numbers: nothing keeps `bytes` alive.
 *
 * @param file what to call the file in errors
 * @throws CorruptFile in every case in which the bytes are not such a file, whole
 */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { entries, metadata, dataStart } = readHeader(bytes, file);
  const tensors = new Map<string, HostTensor>();
  for (const { name, shape, format, count, begin, end } of entries) {
    const start = bytes.byteOffset + dataStart + begin;
    const view = new DataView(bytes.buffer, start, end - begin);
    tensors.set(name, { shape: [...shape], data: format.decode(view, count) });
  }
  return { tensors, metadata };
}

/**
 * Writes tensors as F32 in the map's order. The same tensors and metadata in the same order give the
 * same bytes; the data begins at a multiple of 8 bytes.
 *
 * @throws Error (our bug) when a shape does not fit its numbers, or a tensor is named `__metadata__`
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(describe(tensors, metadata));
  // Spaces after the JSON, which the format allows, so that readers can map the numbers in place.
  const dataStart = Math.ceil((lengthBytes + header.length) / 8) * 8;
  const dataBytes = [...tensors.values()].reduce((sum, { data }) => sum + 4 * data.length, 0);
  const bytes = new Uint8Array(dataStart + dataBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(dataStart - lengthBytes), true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, dataStart);
  let at = dataStart;
  for (const { data } of tensors.values()) {
    // As integers, because a float32 that passes through a number may lose a NaN's payload.
    const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (const word of bits) {
      view.setUint32(at, word, true);
      at += 4;
    }
  }
  return bytes;
}

/** The header's JSON. Joined by hand: a JavaScript object would put names like "10" first. */
function describe(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: ReadonlyMap<string, string>,
): string {
  const fields: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].map(
      ([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`,
    );
    fields.push(`"__metadata__":{${pairs.join(",")}}`);
  }
  let begin = 0;
  for (const [name, { shape, data }] of tensors) {
    checkTensor(name, shape, data.length);
    const end = begin + 4 * data.length;
    const entry = { dtype: "F32", shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    begin = end;
  }
  return `{${fields.join(",")}}`;
}

function checkTensor(name: string, shape: readonly number[], length: number): void {
  if (name === "__metadata__") {
    throw new Error(
      "A tensor cannot be named `__metadata__` in a safetensors file; this is a bug of repqc.",
    );
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== length || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new Error(
      `Tensor ${JSON.stringify(name)} has shape [${shape.join(", ")}] and ${length} numbers; this is a bug of repqc.`,
    );
  }
}
