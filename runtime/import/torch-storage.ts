import { numberFormats, type NumberFormat } from "../number-formats.ts";
import type { CheckpointTensor } from "./checkpoint.ts";
import { damaged, quoted, unreadable } from "./problems.ts";

/** Numbers of one kind in a row, which tensors are views of. */
export class TorchStorage {
  /** As in `torch.FloatStorage`. */
  readonly type: string;
  readonly key: string;
  /** How many numbers. */
  readonly count: number;

  constructor(type: string, key: string, count: number) {
    this.type = type;
    this.key = key;
    this.count = count;
  }
}

/** A view of a storage: number [i, j, ...] is at `offset` + i·strides[0] + j·strides[1] + ... */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: TorchStorage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** What is read, under PyTorch's names of its storages. */
const formats: Readonly<Record<string, string>> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  CharStorage: "I8",
  ByteStorage: "U8",
};
const integers = /^(?:Long|Int|Short|Char|Byte|Bool)Storage$/;

/** Bytes of one number; nothing for kinds that are not read. */
export function bytesPerNumber(type: string): number | undefined {
  return numberFormats.get(formats[type] ?? "")?.bytes ?? { ShortStorage: 2, BoolStorage: 1 }[type];
}

/**
 * A tensor whose numbers are read when they are asked for.
 * @param fetch the bytes of its storage
 */
export function checkpointTensor(
  name: string,
  tensor: TorchTensor,
  fetch: (storage: TorchStorage) => Promise<Uint8Array>,
  file: string,
): CheckpointTensor {
  const { storage, shape } = tensor;
  return {
    shape,
    isInteger: integers.test(storage.type),
    async read() {
      const format = numberFormats.get(formats[storage.type] ?? "");
      if (format === undefined) {
        const help = "Convert it in Python: `model.float()` before the weights are saved.";
        throw unreadable(file, `${quoted(name)} in it is a \`torch.${storage.type}\``, help);
      }
      const span = checkView(name, tensor, file);
      const bytes = await fetch(storage);
      if (bytes.length !== storage.count * format.bytes) {
        const expected = storage.count * format.bytes;
        throw damaged(file, `has ${bytes.length} bytes for ${quoted(name)} instead of ${expected}`);
      }
      return gather(tensor, decode(bytes, tensor.offset, span, format));
    },
  };
}

/** How many numbers of the storage lie between a view's first and last, both counted. */
export function spanOf({ shape, strides }: TorchTensor): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), 1);
}

/** Its span. @throws CorruptFile where not all of its numbers are there */
function checkView(name: string, tensor: TorchTensor, file: string): number {
  const { storage, offset, shape } = tensor;
  const count = sizeOf(shape);
  const span = spanOf(tensor);
  if (count === 0) return span;
  if (offset + span > storage.count || count > storage.count) {
    const where = `has a tensor ${quoted(name)} [${shape.join(", ")}]`;
    throw damaged(file, `${where} that reaches beyond its ${storage.count} numbers`);
  }
  return span;
}

function sizeOf(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

function decode(
  bytes: Uint8Array,
  offset: number,
  span: number,
  format: NumberFormat,
): Float32Array {
  const start = bytes.byteOffset + offset * format.bytes;
  return format.decode(new DataView(bytes.buffer, start, span * format.bytes), span);
}

/** The view's numbers in row-major order; `data` begins at its first. */
function gather({ shape, strides }: TorchTensor, data: Float32Array): Float32Array {
  const result = new Float32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      from -= next * (strides[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return result;
}
