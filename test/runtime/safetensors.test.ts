import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CorruptFile } from "../../runtime/files.ts";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../runtime/safetensors.ts";

/** A file made by hand: the header as text, then the data. */
function fileOf(header: string, data: Uint8Array = new Uint8Array(), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

function entry(dtype: string, shape: readonly number[], begin: number, end: number): string {
  return JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
}

/** What the reader says about a file, which must be a `CorruptFile`. */
function complaint(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes, "net.safetensors");
  } catch (error) {
    if (error instanceof CorruptFile) return error.message;
    throw error;
  }
  throw new Error("The file was read without complaint.");
}

/** Reads or complains; anything else fails the test. Returns how many numbers were read. */
function readOrComplain(bytes: Uint8Array): number {
  try {
    const { tensors } = readSafetensors(bytes, "net.safetensors");
    return [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  } catch (error) {
    if (error instanceof CorruptFile) return 0;
    throw error;
  }
}

const anyTensor: fc.Arbitrary<HostTensor> = fc
  .array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })
  .chain((shape) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const numbers = fc.float32Array({ minLength: count, maxLength: count });
    return numbers.map((data) => ({ shape, data }));
  });

const anyName = fc
  .string({ unit: "binary", maxLength: 8 })
  .filter((name) => name !== "__metadata__");
const anyTensors = fc
  .array(fc.tuple(anyName, anyTensor), { maxLength: 5 })
  .map((all) => new Map(all));
const anyMetadata = fc.dictionary(anyName, fc.string(), { maxKeys: 3 });

const small = writeSafetensors(
  new Map([
    ["a.kernel", { shape: [1, 2], data: Float32Array.of(1.5, -2) }],
    ["b", { shape: [], data: Float32Array.of(3) }],
  ]),
  new Map([["seed", "7"]]),
);

describe("writing, then reading", () => {
  test("gives the same names, shapes, numbers and metadata", () => {
    fc.assert(
      fc.property(anyTensors, anyMetadata, (tensors, texts) => {
        const metadata = new Map(Object.entries(texts));
        const bytes = writeSafetensors(tensors, metadata);
        const read = readSafetensors(bytes, "net.safetensors");
        expect(new Map(read.tensors)).toEqual(tensors);
        expect(new Map(read.metadata)).toEqual(metadata);
        expect(writeSafetensors(tensors, metadata)).toEqual(bytes);
      }),
    );
  });

  test("keeps every bit, a NaN's payload and the sign of zero included", () => {
    const bits = Uint32Array.of(0x7f800001, 0xffc12345, 0x80000000, 0x00000001, 0xff800000);
    const tensor = { shape: [5], data: new Float32Array(bits.buffer) };
    const { tensors } = readSafetensors(writeSafetensors(new Map([["t", tensor]])), "t");
    const data = tensors.get("t")?.data ?? new Float32Array();
    expect(new Uint32Array(data.buffer)).toEqual(bits);
  });

  test("works on a view in the middle of a larger buffer", () => {
    const buffer = new Uint8Array(small.length + 3);
    buffer.set(small, 3);
    const { tensors } = readSafetensors(buffer.subarray(3), "net.safetensors");
    expect(tensors.get("a.kernel")?.data).toEqual(Float32Array.of(1.5, -2));
  });

  test("the data begins at a multiple of 8 bytes, whatever the header", () => {
    for (const name of ["a", "ab", "abc", "abcd", "abcde"]) {
      const bytes = writeSafetensors(new Map([[name, { shape: [1], data: Float32Array.of(1) }]]));
      expect((bytes.length - 4) % 8).toBe(0);
    }
  });

  test("a shape that does not fit and a reserved name are our bugs", () => {
    const tensor = { shape: [2], data: Float32Array.of(1) };
    expect(() => writeSafetensors(new Map([["t", tensor]]))).toThrow("bug of repqc");
    const fits = { shape: [1], data: Float32Array.of(1) };
    expect(() => writeSafetensors(new Map([["__metadata__", fits]]))).toThrow("bug of repqc");
  });
});

describe("number formats", () => {
  /** Reads `count` numbers of a format whose bytes are given. */
  function decode(dtype: string, data: ArrayBufferView<ArrayBuffer>, count: number): number[] {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const file = fileOf(`{"t":${entry(dtype, [count], 0, bytes.length)}}`, bytes);
    return [...(readSafetensors(file, "t").tensors.get("t")?.data ?? [])];
  }

  test("F16, with subnormals, infinities, NaN and negative zero", () => {
    const bits = Uint16Array.of(
      0x3c00,
      0xc000,
      0x7bff,
      0x0001,
      0x03ff,
      0x8000,
      0x7c00,
      0xfc00,
      0x7e00,
    );
    const numbers = [1, -2, 65504, 2 ** -24, 1023 * 2 ** -24, -0, Infinity, -Infinity, NaN];
    expect(decode("F16", bits, 9)).toEqual(numbers);
  });

  test("BF16 is the upper half of a float32", () => {
    expect(decode("BF16", Uint16Array.of(0x3f80, 0xc049, 0x7f80), 3)).toEqual([
      1,
      -3.140625,
      Infinity,
    ]);
  });

  test("F64 is rounded once, ties to even", () => {
    const doubles = Float64Array.of(0.1, 1 + 2 ** -24, 1 + 3 * 2 ** -24, 1e300, -1e-300);
    const numbers = [Math.fround(0.1), 1, 1 + 2 ** -22, Infinity, -0];
    expect(decode("F64", doubles, 5)).toEqual(numbers);
  });

  test("I32, I8 and U8", () => {
    expect(decode("I32", Int32Array.of(-7, 2 ** 24 + 1, 2 ** 31 - 1), 3)).toEqual([
      -7,
      2 ** 24,
      2 ** 31,
    ]);
    expect(decode("I8", Int8Array.of(-128, 127), 2)).toEqual([-128, 127]);
    expect(decode("U8", Uint8Array.of(0, 255), 2)).toEqual([0, 255]);
  });

  test("I64 is rounded once, also where a detour over float64 would round twice", () => {
    // 2^62 + 2^38 is the middle of two float32; one more must go up, and float64 cannot hold the one.
    const middle = 2n ** 62n + 2n ** 38n;
    const data = BigInt64Array.of(-5n, middle, middle + 1n, -middle - 1n, 2n ** 63n - 1n);
    const up = 2 ** 62 + 2 ** 39;
    expect(decode("I64", data, 5)).toEqual([-5, 2 ** 62, up, -up, 2 ** 63]);
  });
});

describe("a file that is not whole or not sound", () => {
  const one = entry("F32", [1], 0, 4);
  const four = new Uint8Array(4);
  test.each<[says: string, bytes: Uint8Array]>([
    ["has 3 bytes", new Uint8Array(3)],
    ["header should have 99 bytes, and only 2", fileOf("{}", new Uint8Array(), 99n)],
    ["limit is 100000000", fileOf("{}", new Uint8Array(), 100_000_001n)],
    ["limit is 100000000", fileOf("{}", new Uint8Array(), 2n ** 64n - 1n)],
    ["not JSON text", fileOf("{]")],
    ["not JSON text", fileOf("")],
    ["not JSON text", fileOf(`{"a":`.repeat(50_000))],
    ["not a JSON object", fileOf("[1]")],
    ["not a JSON object", fileOf("null")],
    ['names "a" twice', fileOf(`{"a":${one},"\\u0061":${one}}`, four)],
    ['names "dtype" twice', fileOf(`{"a":{"dtype":"F32",${one.slice(1)}}`, four)],
    ["`__metadata__` that is not a JSON object", fileOf(`{"__metadata__":3}`)],
    ['metadata "k" that is not a string', fileOf(`{"__metadata__":{"k":1}}`)],
    ['tensor "a" that is not described', fileOf(`{"a":7}`)],
    ['number format "F8_E5M2"', fileOf(`{"a":${entry("F8_E5M2", [4], 0, 4)}}`, four)],
    ["number format (none)", fileOf(`{"a":{}}`)],
    ["shape is not a list of whole numbers", fileOf(`{"a":${entry("F32", [-1], 0, 4)}}`, four)],
    ["shape is not a list of whole numbers", fileOf(`{"a":${entry("F32", [1.5], 0, 4)}}`, four)],
    ["`data_offsets` are not two", fileOf(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}`)],
    [
      "takes 8 bytes, but gives it the bytes 0 to 4",
      fileOf(`{"a":${entry("F32", [2], 0, 4)}}`, four),
    ],
    ["gives it the bytes 4 to 0", fileOf(`{"a":${entry("F32", [1], 4, 0)}}`, four)],
    ["takes Infinity bytes", fileOf(`{"a":${entry("F32", Array(40).fill(1e15), 0, 4)}}`, four)],
    ["the data has 3 bytes", fileOf(`{"a":${one}}`, new Uint8Array(3))],
    ["overlaps", fileOf(`{"a":${one},"b":${entry("F32", [1], 2, 6)}}`, new Uint8Array(6))],
    ["overlaps", fileOf(`{"a":${one},"b":${one}}`, four)],
    [
      "nothing is said about bytes 4 to 8",
      fileOf(`{"a":${one},"b":${entry("F32", [1], 8, 12)}}`, new Uint8Array(12)),
    ],
    ["has 2 bytes after its last tensor", fileOf(`{"a":${one}}`, new Uint8Array(6))],
  ])("is refused: %s", (says, bytes) => {
    expect(complaint(bytes)).toContain(says);
    expect(complaint(bytes)).toMatch(/^`net\.safetensors` .+\. (Save|Pass|Convert).+\.$/);
  });

  test("is refused at every length short of the whole", () => {
    for (let length = 0; length < small.length; length++) {
      expect(complaint(small.subarray(0, length))).toContain("net.safetensors");
    }
  });

  test("is refused or read, and takes no more memory than it has bytes, when bytes change", () => {
    const change = fc.tuple(fc.nat(small.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = small.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        expect(readOrComplain(bytes)).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });

  test("is refused or read when its header is any JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ maxLength: 8 }), (header, data) => {
        expect(readOrComplain(fileOf(header, data))).toBeLessThanOrEqual(data.length);
      }),
    );
  });
});

test("tensors named like properties of every object are tensors like others", () => {
  const names = ["__proto__", "constructor", "10", "2", ""];
  const tensors = new Map(names.map((name, i) => [name, { shape: [], data: Float32Array.of(i) }]));
  const read = readSafetensors(writeSafetensors(tensors), "net.safetensors");
  expect([...read.tensors.keys()]).toEqual(names);
});

const vectors = new URL("../../../shared/vectors/", import.meta.url);
const hasVectors = existsSync(vectors);
if (!hasVectors) console.log(`Skipped: no folder ${vectors.pathname} with the official vectors.`);

describe.skipIf(!hasVectors)("the official vectors", () => {
  const files = hasVectors
    ? readdirSync(vectors).filter((name) => name.endsWith(".safetensors"))
    : [];

  test.each(files)("%s is read, and survives writing", (file) => {
    const bytes = new Uint8Array(readFileSync(new URL(file, vectors)));
    const { tensors, metadata } = readSafetensors(bytes, file);
    expect(tensors.size).toBeGreaterThan(0);
    for (const { data } of tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
    const again = readSafetensors(writeSafetensors(tensors, metadata), file);
    expect(again).toEqual({ tensors, metadata });
  });
});
