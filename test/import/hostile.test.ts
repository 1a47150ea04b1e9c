/** Whatever the bytes are: tensors, or an error that says what is wrong with the file. Never a crash, a hang, or more memory than the file warrants. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileProblem } from "../../runtime/files.ts";
import { readCheckpoint } from "../../runtime/import/index.ts";
import { dict, floats, op, tensorPickle, torchLegacy, torchZip, written } from "./write-torch.ts";
import { writeZip } from "./write-zip.ts";

const numbers = Array.from({ length: 300 }, (_, index) => index / 7);
const tensors = {
  "stage.0.conv.weight": written([10, 5, 3, 2], numbers),
  "stage.0.conv.bias": written([10], numbers.slice(0, 10)),
  "stage.0.bn.num_batches_tracked": {
    shape: [],
    type: "LongStorage",
    bytes: new Uint8Array(BigInt64Array.of(3n).buffer),
  },
};
const files = [
  ["a zip file", torchZip(tensors)],
  ["a deflated zip file", torchZip(tensors, undefined, { isDeflated: true, is64: true })],
  ["an old file", torchLegacy(tensors)],
] as const;

/** Reads everything. @returns how many tensors, or the file's problem */
async function readAll(bytes: Uint8Array): Promise<number | FileProblem> {
  try {
    const { tensors: found } = await readCheckpoint(bytes, "a.pth");
    for (const one of found.values()) {
      const { length } = await one.read();
      expect(length).toBe(one.shape.reduce((a, b) => a * b, 1));
    }
    return found.size;
  } catch (error) {
    if (error instanceof FileProblem) return error;
    throw error;
  }
}

const isClear = (result: number | FileProblem) =>
  typeof result === "number" || /^`a\.pth` .+\. .+\.$/su.test(result.message);

describe.each(files)("%s", (_, whole) => {
  it("is whole", async () => {
    expect(await readAll(whole)).toBe(3);
  });

  it("is noticed when it is cut off, anywhere", async () => {
    for (let length = 0; length < whole.length; length += 97) {
      const result = await readAll(whole.slice(0, length));
      expect(result, `cut to ${length} bytes`).toBeInstanceOf(FileProblem);
      expect(isClear(result)).toBe(true);
    }
  });

  it("gives tensors or a clear error when bits are flipped", async () => {
    const flips = fc.array(fc.nat(8 * whole.length - 1), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flips, async (bits) => {
        const bytes = whole.slice();
        for (const bit of bits) bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(isClear(await readAll(bytes))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

it("a checksum finds every flipped bit of a zip file's numbers", async () => {
  const bytes = torchZip(tensors);
  const at = bytes.length - 900;
  bytes[at]! ^= 4;
  expect(await readAll(bytes)).toBeInstanceOf(FileProblem);
});

describe("a hostile pickle", () => {
  const refused = async (value: Buffer) => {
    const result = await readAll(torchZip({}, value));
    expect(result).toBeInstanceOf(FileProblem);
    return (result as FileProblem).message;
  };
  const repeat = (text: string, times: number) => op.code(text.repeat(times));

  it("may nest as deep as it likes", async () => {
    const lists = Buffer.concat([repeat("]", 100_000), repeat("a", 99_999)]);
    expect(await refused(lists)).toMatch(/no dictionary/);
    const tuples = Buffer.concat([op.code(")"), repeat("\x85", 100_000)]);
    expect(await refused(tuples)).toMatch(/no dictionary/);
    expect(await refused(repeat("(", 100_000))).toMatch(/not there/);
  });

  it("may hold itself, and share what it holds a billion times over", async () => {
    const self = Buffer.concat([
      op.code("}q\x00"),
      ...["params", "model", "state_dict"].flatMap((key) => [op.text(key), op.code("h\x00s")]),
    ]);
    expect(await refused(self)).toMatch(/no dictionary/);
    const doubled = Array.from({ length: 60 }, () => op.code("2\x86"));
    expect(await refused(Buffer.concat([op.code("]"), ...doubled]))).toMatch(/no dictionary/);
  });

  it("may claim any length", async () => {
    for (const code of ["X", "T", "B", "\x8b"]) {
      expect(await refused(op.code(`${code}\xff\xff\xff\xff`))).toMatch(/cut off|bytes/);
    }
    for (const code of ["\x8d", "\x8e"]) {
      expect(await refused(op.code(`${code}${"\xff".repeat(8)}`))).toMatch(/cut off/);
    }
    expect(await refused(op.code("]r\xff\xff\xff\xffj\xff\xff\xff\xff"))).toMatch(/no dictionary/);
    expect(await refused(op.code("j\xff\xff\xff\xff"))).toMatch(/has not stored/);
  });

  it("may go on for long, but not for ever", async () => {
    const pairs = Array.from({ length: 2 ** 20 + 1 }, () => op.code("N0"));
    expect(await refused(Buffer.concat(pairs))).toMatch(/more than 2097152 operations/);
  });

  it("may not speak of tensors larger than their numbers", async () => {
    const shapes = [[2 ** 31 - 1, 2 ** 31 - 1], Array.from({ length: 8 }, () => 2 ** 31 - 1)];
    for (const shape of shapes) {
      const bytes = floats(1);
      const strides = shape.map(() => 0);
      const value = dict([["a", tensorPickle({ shape, strides, bytes, count: 1 }, "0")]]);
      const result = await readAll(torchZip({ a: { shape: [1], bytes } }, value));
      expect(result).toBeInstanceOf(FileProblem);
    }
    const many = { shape: Array.from({ length: 9 }, () => 1), bytes: floats(1) };
    expect(await refused(dict([["a", tensorPickle(many, "0")]]))).toMatch(/wrong arguments/);
  });
});

describe("a hostile zip file", () => {
  it("may not unpack to more than it could hold", async () => {
    const bytes = writeZip(new Map([["a/data.pkl", new Uint8Array(1 << 20)]]), {
      isDeflated: true,
    });
    const view = new DataView(bytes.buffer);
    const central = bytes.length - 22 - 46 - "a/data.pkl".length;
    view.setUint32(central + 24, 0xfffffff0, true);
    const result = await readAll(bytes);
    expect((result as FileProblem).message).toMatch(/claims that "a\/data.pkl" unpacks to/);
    view.setUint32(central + 24, 1000, true);
    expect(((await readAll(bytes)) as FileProblem).message).toMatch(/broken entry/);
  });

  it("may not have a pickle, or a storage, that unpacks to far more than is needed of it", async () => {
    const zeros = new Uint8Array(2 ** 26 + 1);
    const pickled = writeZip(new Map([["a/data.pkl", zeros]]), { isDeflated: true });
    expect(pickled.length).toBeLessThan(100_000);
    expect(((await readAll(pickled)) as FileProblem).message).toMatch(
      /"a\/data.pkl" unpacks to 67108865 bytes, and 67108864 are the most/,
    );
    const one = { shape: [1], count: 2 ** 23, bytes: new Uint8Array(2 ** 25) };
    const storage = torchZip({ a: one }, undefined, { isDeflated: true });
    expect(storage.length).toBeLessThan(100_000);
    expect(((await readAll(storage)) as FileProblem).message).toMatch(
      /"archive\/data\/0" unpacks to 33554432 bytes, and 16777220 are the most/,
    );
  });

  it("may have tensors that lie in one large storage", async () => {
    const zeros = new Uint8Array(2 ** 25);
    const [shape, count] = [[4], 2 ** 23];
    const tensors = {
      a: { shape, count, bytes: zeros },
      b: { shape, count, offset: 2 ** 23 - 4, bytes: new Uint8Array() },
    };
    const value = dict([
      ["a", tensorPickle(tensors.a, "0")],
      ["b", tensorPickle(tensors.b, "0")],
    ]);
    expect(await readAll(torchZip(tensors, value, { isDeflated: true }))).toBe(2);
  });

  it("may not have an entry twice, encrypted, or packed in an unknown way", async () => {
    const entry = ["a/data.pkl", Uint8Array.of(0x80, 2, 0x7d, 0x2e)] as const;
    const bytes = writeZip(new Map([entry]));
    const central = bytes.length - 22 - 46 - entry[0].length;
    const changed = async (at: number, value: number) => {
      const copy = bytes.slice();
      copy[central + at] = value;
      return ((await readAll(copy)) as FileProblem).message;
    };
    expect(await changed(8, 1)).toMatch(/encrypted/);
    expect(await changed(10, 14)).toMatch(/packed by method 14/);
    expect(await changed(42, 200)).toMatch(/no data for "a\/data.pkl"/);
    expect(await changed(16, 1)).toMatch(/checksum/);
    expect(await changed(24, 3)).toMatch(/two lengths/);
  });
});

it.each([
  [0, "is empty"],
  [1, "is shorter than any checkpoint"],
  [8, "is shorter than any checkpoint"],
])("a file of %i bytes is of no format", async (length, problem) => {
  const result = await readAll(new Uint8Array(length).fill(0x20));
  expect((result as FileProblem).message).toContain(problem);
});
