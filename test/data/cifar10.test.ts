/** CIFAR-10 itself cannot be shipped: its files are written here, of crops of real photographs. */
import { beforeAll, describe, expect, test } from "vitest";
import { cutRegion } from "../../runtime/data/cut-region.ts";
import {
  cifar10Classes,
  countClasses,
  readCifar10,
  readImageData,
  type DatasetParts,
  type RgbImage,
} from "../../runtime/data/index.ts";
import { CorruptFile, MissingFile, type FileProblem } from "../../runtime/files.ts";
import { memoryDataHost } from "./memory-data-host.ts";
import { readPhotograph } from "./photographs.ts";

const record = 3073;
const count = 10_000;
const labelOf = (image: number): number => (image * 7) % 10;
const cropOf = (photograph: RgbImage, image: number): RgbImage => {
  const [top, left] = [
    (image * 13) % (photograph.height - 32),
    (image * 29) % (photograph.width - 32),
  ];
  return cutRegion(photograph, { top, left, height: 32, width: 32 });
};

function batchFile(photograph: RgbImage): Uint8Array {
  const bytes = new Uint8Array(count * record);
  for (let image = 0; image < count; image++) {
    const { pixels } = cropOf(photograph, image);
    bytes[image * record] = labelOf(image);
    for (let i = 0; i < 3 * 1024; i++) {
      bytes[image * record + 1 + i] = pixels[3 * (i % 1024) + Math.floor(i / 1024)]!;
    }
  }
  return bytes;
}

const names = [...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`), "test_batch.bin"];
let photographs: readonly RgbImage[];
let files: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  photographs = [await readPhotograph(3), await readPhotograph(7)];
  const [training, test] = photographs.map(batchFile);
  files = new Map(
    names.map((name) => [`c/${name}`, name === "test_batch.bin" ? test! : training!]),
  );
});

describe("CIFAR-10's binary files", () => {
  let parts: DatasetParts;
  beforeAll(async () => {
    parts = await readCifar10(memoryDataHost(files), "c");
  });

  test("are 50,000 training and 10,000 test images of ten classes", async () => {
    expect([parts.training.size, parts.test.size]).toEqual([50_000, count]);
    expect(parts.training.shape).toEqual([32, 32, 3]);
    expect(parts.training.classes).toEqual(cifar10Classes);
    expect(await countClasses(parts.test)).toEqual(Array(10).fill(1000));
  });

  test("come back pixel by pixel, colours side by side", () => {
    for (const [part, photograph, index] of [
      ["training", photographs[0], 41_234],
      ["test", photographs[1], 9_999],
      ["test", photographs[1], 0],
    ] as const) {
      const pixels = new Uint8Array(3 * 1024);
      const labels = new Int32Array(1);
      void parts[part].read(Int32Array.of(index), pixels, labels);
      expect([...pixels]).toEqual([...cropOf(photograph!, index % count).pixels]);
      expect(labels[0]).toBe(labelOf(index % count));
    }
  });

  test("are recognized, in the folder or in the one that the archive unpacks to", async () => {
    const inside = new Map(
      [...files].map(([path, bytes]) => [path.replace("c/", "d/cifar-10-batches-bin/"), bytes]),
    );
    for (const [host, folder] of [
      [files, "c"],
      [inside, "d"],
    ] as const) {
      const data = await readImageData(memoryDataHost(host), folder);
      expect(data.kind === "labelled" && data.parts.test.name).toBe("CIFAR-10, test part");
      expect(data.kind === "labelled" && data.normalize?.mean.length).toBe(3);
    }
  });
});

describe("CIFAR-10 that is not as it should be", () => {
  const open = async (name: string, bytes: Uint8Array | undefined): Promise<FileProblem> => {
    const changed = new Map(files);
    if (bytes) changed.set(`c/${name}`, bytes);
    else changed.delete(`c/${name}`);
    const host = memoryDataHost(changed);
    const problem: unknown = await readCifar10(host, "c").catch((error: unknown) => error);
    expect(String(problem)).toContain(`c/${name}`);
    return problem as FileProblem;
  };

  test("truncated", async () => {
    const problem = await open(
      "data_batch_3.bin",
      files.get("c/data_batch_3.bin")!.subarray(0, 999),
    );
    expect(problem).toBeInstanceOf(CorruptFile);
    expect(problem.problem).toBe("has 999 bytes, and 10000 images with their labels take 30730000");
  });

  test("with a wrong label", async () => {
    const bytes = files.get("c/test_batch.bin")!.slice();
    bytes[17 * record] = 10;
    const { problem } = await open("test_batch.bin", bytes);
    expect(problem).toBe("gives image 17 the label 10, and there are 10 classes");
  });

  test("with a file missing", async () => {
    expect(await open("data_batch_5.bin", undefined)).toBeInstanceOf(MissingFile);
  });

  test("with names that are not ten", async () => {
    const text = new TextEncoder().encode("cat\ndog\n\n");
    const { problem } = await open("batches.meta.txt", text);
    expect(problem).toContain("10 different names, one a line; it has 2 lines");
  });
});
