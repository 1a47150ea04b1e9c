import { writeZip, type ZipOptions } from "./write-zip.ts";

/** A tensor as a test writes it; strides are those of a contiguous one unless said. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  /** The storage's bytes. */
  readonly bytes: Uint8Array;
  /** `FloatStorage` unless said. */
  readonly type?: string;
  readonly strides?: readonly number[];
  readonly offset?: number;
  /** Numbers in the storage; from the shape unless said. */
  readonly count?: number;
}

/** Operations of Python's pickle, as bytes. */
export const op = {
  global: (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`),
  text: (text: string) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([Buffer.from("X"), length, bytes]);
  },
  integer: (value: number) => {
    const bytes = Buffer.alloc(5, "J");
    bytes.writeInt32LE(value, 1);
    return bytes;
  },
  tuple: (...items: readonly Buffer[]) =>
    Buffer.concat([Buffer.from("("), ...items, Buffer.from("t")]),
  call: (callee: Buffer, args: Buffer) => Buffer.concat([callee, args, Buffer.from("R")]),
  code: (text: string) => Buffer.from(text, "latin1"),
};

const emptyOrdered = op.call(op.global("collections", "OrderedDict"), op.code(")"));

export function dict(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const pairs = entries.flatMap(([key, value]) => [op.text(key), value]);
  return Buffer.concat([op.code("}("), ...pairs, op.code("u")]);
}

/** A whole pickle of protocol 2. */
export function pickle(value: Buffer): Buffer {
  return Buffer.concat([op.code("\x80\x02"), value, op.code(".")]);
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

export function tensorPickle(tensor: WrittenTensor, key: string, isLegacy = false): Buffer {
  const { shape, type = "FloatStorage", offset = 0, count = product(shape) } = tensor;
  const strides = tensor.strides ?? shape.map((_, axis) => product(shape.slice(axis + 1)));
  const storage = [op.text("storage"), op.global("torch", type), op.text(key), op.text("cpu")];
  const view = isLegacy ? [op.code("N")] : [];
  const id = op.tuple(...storage, op.integer(count), ...view);
  const sizes = (list: readonly number[]) => op.tuple(...list.map(op.integer));
  const args = [
    Buffer.concat([id, op.code("Q")]),
    op.integer(offset),
    sizes(shape),
    sizes(strides),
  ];
  const rest = [op.code("\x89"), emptyOrdered];
  return op.call(op.global("torch._utils", "_rebuild_tensor_v2"), op.tuple(...args, ...rest));
}

/** An OrderedDict with `_metadata`, as `state_dict()` gives it. */
export function stateDict(
  tensors: Readonly<Record<string, WrittenTensor>>,
  isLegacy = false,
): Buffer {
  const pairs = Object.entries(tensors).map(([name, tensor], index) =>
    Buffer.concat([op.text(name), tensorPickle(tensor, String(index), isLegacy)]),
  );
  const metadata = dict([["_metadata", emptyOrdered]]);
  return Buffer.concat([
    emptyOrdered,
    op.code("("),
    ...pairs,
    op.code("u"),
    metadata,
    op.code("b"),
  ]);
}

/** As `torch.save` writes since PyTorch 1.6. @param value the pickled object; the tensors' dictionary unless said */
export function torchZip(
  tensors: Readonly<Record<string, WrittenTensor>>,
  value = stateDict(tensors),
  options?: ZipOptions,
): Uint8Array {
  const storages = Object.values(tensors).map(
    ({ bytes }, index) => [`archive/data/${index}`, bytes] as const,
  );
  const version = new TextEncoder().encode("3\n");
  const head = [["archive/data.pkl", new Uint8Array(pickle(value))]] as const;
  return writeZip(new Map([...head, ...storages, ["archive/version", version]]), options);
}

/** As `torch.save` wrote before PyTorch 1.6. */
export function torchLegacy(tensors: Readonly<Record<string, WrittenTensor>>): Uint8Array {
  const magic = op.code("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19");
  const system = Buffer.concat([op.code("}"), op.text("little_endian"), op.code("\x88s")]);
  const keys = Object.keys(tensors).map((_, index) => op.text(String(index)));
  const list = Buffer.concat([op.code("]("), ...keys, op.code("e")]);
  const pickles = [magic, op.integer(1001), system, stateDict(tensors, true), list].map(pickle);
  const storages = Object.values(tensors).flatMap(({ shape, count = product(shape), bytes }) => {
    const length = Buffer.alloc(8);
    length.writeBigInt64LE(BigInt(count));
    return [length, bytes];
  });
  return new Uint8Array(Buffer.concat([...pickles, ...storages]));
}

export function floats(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}

/** Contiguous float32 numbers. */
export function written(shape: readonly number[], numbers: readonly number[]): WrittenTensor {
  return { shape, bytes: floats(...numbers) };
}
