import { describe, expect, it } from "vitest";
import { CorruptFile, ForeignFile } from "../../runtime/files.ts";
import { readCheckpoint } from "../../runtime/import/index.ts";
import { writeSafetensors } from "../../runtime/safetensors.ts";
import {
  dict,
  floats,
  op,
  pickle,
  stateDict,
  torchLegacy,
  torchZip,
  written,
  type WrittenTensor,
} from "./write-torch.ts";
import { writeZip } from "./write-zip.ts";

const tensors = {
  "conv.weight": written([2, 1, 1, 2], [1, 2, 3, 4]),
  "conv.bias": written([2], [-1, 0.5]),
};

async function numbersOf(bytes: Uint8Array): Promise<Record<string, readonly number[]>> {
  const { tensors: found } = await readCheckpoint(bytes, "a.pth");
  const entries = [...found].map(async ([name, one]) => [name, [...(await one.read())]] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const expected = { "conv.weight": [1, 2, 3, 4], "conv.bias": [-1, 0.5] };

describe("a checkpoint", () => {
  it.each([
    ["a zip file", torchZip(tensors)],
    ["a deflated zip file", torchZip(tensors, undefined, { isDeflated: true })],
    ["a zip64 file", torchZip(tensors, undefined, { is64: true })],
    ["a deflated zip64 file", torchZip(tensors, undefined, { isDeflated: true, is64: true })],
    ["a file of before PyTorch 1.6", torchLegacy(tensors)],
  ])("is read from %s", async (_, bytes) => {
    expect(await numbersOf(bytes)).toEqual(expected);
  });

  it("is read from safetensors", async () => {
    const held = new Map([["w", { shape: [2], data: Float32Array.from([1, 2]) }]]);
    expect(await numbersOf(writeSafetensors(held))).toEqual({ w: [1, 2] });
  });

  it("is found under the usual names, averaged weights first, and says which", async () => {
    const inner = stateDict(tensors);
    for (const part of ["state_dict", "model", "params", "params_ema"]) {
      const bytes = torchZip(
        tensors,
        dict([
          ["epoch", op.integer(3)],
          [part, inner],
        ]),
      );
      const found = await readCheckpoint(bytes, "a.pth");
      expect(found.part).toBe(part);
      expect([...found.tensors.keys()]).toEqual(Object.keys(tensors));
    }
    const both = dict([
      ["params", dict([])],
      ["model", dict([["params_ema", inner]])],
    ]);
    expect((await readCheckpoint(torchZip(tensors, both), "a.pth")).part).toBe("model.params_ema");
  });

  it("loses a `module.` only where all names have it", async () => {
    const one = written([1], [1]);
    const names = async (held: Readonly<Record<string, WrittenTensor>>) => [
      ...(await readCheckpoint(torchZip(held), "a.pth")).tensors.keys(),
    ];
    expect(await names({ "module.a": one, "module.b": one })).toEqual(["a", "b"]);
    expect(await names({ "module.a": one, b: one })).toEqual(["module.a", "b"]);
  });

  it("may have views: strides, offsets, shared numbers, transposed and expanded ones", async () => {
    const bytes = floats(...Array.from({ length: 12 }, (_, index) => index));
    const view = (shape: number[], strides: number[], offset: number): WrittenTensor => ({
      shape,
      strides,
      offset,
      bytes,
      count: 12,
    });
    const found = await numbersOf(
      torchZip({
        transposed: view([3, 2], [1, 3], 1),
        every: view([4], [3], 2),
        expanded: view([2, 2], [0, 1], 5),
        scalar: view([], [], 7),
        empty: view([0, 3], [3, 1], 12),
      }),
    );
    expect(found).toEqual({
      transposed: [1, 4, 2, 5, 3, 6],
      every: [2, 5, 8, 11],
      expanded: [5, 6, 5, 6],
      scalar: [7],
      empty: [],
    });
  });

  it("may have other number formats", async () => {
    const held = {
      double: {
        shape: [2],
        type: "DoubleStorage",
        bytes: new Uint8Array(Float64Array.of(0.1, -2).buffer),
      },
      half: {
        shape: [2],
        type: "HalfStorage",
        bytes: new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer),
      },
      brain: {
        shape: [2],
        type: "BFloat16Storage",
        bytes: new Uint8Array(Uint16Array.of(0x3f80, 0xc000).buffer),
      },
      long: { shape: [1], type: "LongStorage", bytes: new Uint8Array(BigInt64Array.of(7n).buffer) },
      int: { shape: [1], type: "IntStorage", bytes: new Uint8Array(Int32Array.of(-7).buffer) },
    };
    for (const bytes of [torchZip(held), torchLegacy(held)]) {
      expect(await numbersOf(bytes)).toEqual({
        double: [Math.fround(0.1), -2],
        half: [1, -2],
        brain: [1, -2],
        long: [7],
        int: [-7],
      });
      const { tensors: found } = await readCheckpoint(bytes, "a.pth");
      const integers = [...found].filter(([, one]) => one.isInteger).map(([name]) => name);
      expect(integers).toEqual(["long", "int"]);
    }
  });

  it("may hold kinds of numbers that are not read, as long as nobody asks for them", async () => {
    const bytes = torchZip({ z: { shape: [1], type: "ComplexFloatStorage", bytes: floats(1, 2) } });
    const { tensors: found } = await readCheckpoint(bytes, "a.pth");
    await expect(found.get("z")!.read()).rejects.toThrow(
      /`torch.ComplexFloatStorage`.*model.float/,
    );
  });
});

const refuses = (bytes: Uint8Array) =>
  expect(
    readCheckpoint(bytes, "a.pth").then(async ({ tensors: found }) => {
      for (const one of found.values()) await one.read();
    }),
  ).rejects;

describe("what is no checkpoint", () => {
  it.each([
    ["another pickle", new Uint8Array(pickle(op.integer(1))), /is a pickle, but none/],
    [
      "another zip file",
      writeZip(new Map([["a.txt", floats(1)]])),
      /none that torch.save has written/,
    ],
    [
      "a picture",
      Uint8Array.from("\x89PNG\r\n\x1a\n....", (c) => c.charCodeAt(0)),
      /neither a checkpoint/,
    ],
    ["a list", torchZip({}, op.code("]")), /holds no dictionary of tensors/],
    ["other things", torchZip({}, dict([["optimizer", op.integer(1)]])), /it has "optimizer"/],
    [
      "a TorchScript program",
      writeZip(
        new Map([
          ["a/data.pkl", new Uint8Array(pickle(op.code("}")))],
          ["a/code/x.py", floats(1)],
        ]),
      ),
      /TorchScript/,
    ],
    [
      "big-endian",
      writeZip(
        new Map([
          ["a/data.pkl", new Uint8Array(pickle(op.code("}")))],
          ["a/byteorder", new TextEncoder().encode("big")],
        ]),
      ),
      /big-endian/,
    ],
    [
      "a tar file",
      new Uint8Array(
        Buffer.concat([Buffer.alloc(257, 1), Buffer.from("ustar"), Buffer.alloc(250)]),
      ),
      /tar file, as PyTorch wrote them before version 0.4[^]*torch.save/,
    ],
  ])("is refused: %s", async (_, bytes, message) => {
    await refuses(bytes).toThrow(message);
    await refuses(bytes).toBeInstanceOf(ForeignFile);
  });

  it("runs nothing: a function that is not known is named", async () => {
    const evil = op.call(op.global("os", "system"), op.tuple(op.text("echo pwned")));
    await refuses(torchZip({}, evil)).toThrow(/asks for "os.system".*not run.*state_dict/);
    const named = Buffer.concat([op.text("builtins"), op.text("eval"), op.code("\x93")]);
    await refuses(torchZip({}, named)).toThrow(/asks for "builtins.eval"/);
  });

  it("is refused where what it calls gets other arguments, or what it calls is no function", async () => {
    const wrong = op.call(op.global("torch._utils", "_rebuild_tensor_v2"), op.tuple(op.integer(1)));
    await refuses(torchZip({}, wrong)).toThrow(/wrong arguments/);
    await refuses(torchZip({}, op.call(op.integer(1), op.code(")")))).toThrow(/no function/);
    const storage = op.call(op.global("torch", "FloatStorage"), op.code(")"));
    await refuses(torchZip({}, storage)).toThrow(/wrong arguments/);
  });

  it("is refused where a tensor reaches beyond its numbers, or the numbers are others", async () => {
    const one = { shape: [3], bytes: floats(1, 2), count: 2 };
    await refuses(torchZip({ one })).toThrow(/"one" \[3\] that reaches beyond its 2 numbers/);
    const short = { shape: [2], bytes: floats(1) };
    await refuses(torchZip({ short })).toThrow(/4 bytes for "short" instead of 8/);
    await refuses(torchLegacy({ short })).toBeInstanceOf(CorruptFile);
    const wide = { shape: [1_000_000_000], strides: [0], bytes: floats(1, 2), count: 2 };
    await refuses(torchZip({ wide })).toThrow(/reaches beyond/);
  });
});
