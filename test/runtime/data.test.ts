import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  batches,
  countBatches,
  countClasses,
  firstImages,
  packedDataset,
  readIdxFolder,
  type BatchOptions,
  type Dataset,
} from "../../runtime/data/index.ts";
import { FileProblem } from "../../runtime/files.ts";
import { Random } from "../../runtime/random.ts";
import { memoryHost } from "./checkpoint-host.ts";

/** Images of 2 x 3 x 2 bytes whose every byte says where it is; label = index mod 3. */
function numbered(size: number): Dataset {
  return packedDataset({
    name: "numbered",
    source: "this test",
    shape: [2, 3, 2],
    classes: ["a", "b", "c"],
    pixels: Uint8Array.from({ length: size * 12 }, (_, i) => (i * 5 + 1) % 256),
    labels: Uint8Array.from({ length: size }, (_, i) => i % 3),
  });
}

interface Copied {
  readonly number: number;
  readonly images: readonly number[];
  readonly labels: readonly number[];
  readonly indices: readonly number[];
}

async function collect(dataset: Dataset, options: BatchOptions): Promise<readonly Copied[]> {
  const all: Copied[] = [];
  for await (const { number, images, labels, indices } of batches(dataset, options)) {
    all.push({ number, images: [...images], labels: [...labels], indices: [...indices] });
  }
  return all;
}

const random = Random.fromSeed(3);

describe("batches", () => {
  test("hold every image once, as float32 of byte / 255, with its label", async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 25 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), fc.nat(), async ([size, batch], shuffle, seed) => {
        const options = { batch, random: Random.fromSeed(seed), shuffle };
        const all = await collect(numbered(size), options);
        expect(all.length).toBe(countBatches(size, options));
        const indices = all.flatMap((b) => b.indices);
        expect(indices.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: size }, (_, i) => i),
        );
        if (!shuffle) expect(indices).toEqual(indices.toSorted((a, b) => a - b));
        expect(all.flatMap((b) => b.labels)).toEqual(indices.map((i) => i % 3));
        const pixel = (i: number, p: number): number =>
          Math.fround((((i * 12 + p) * 5 + 1) % 256) / 255);
        const expected = indices.flatMap((i) => Array.from({ length: 12 }, (_, p) => pixel(i, p)));
        expect(all.flatMap((b) => b.images)).toEqual(expected);
      }),
    );
  });

  test("are the same again, whatever was drawn from the generator, and others for another fork", async () => {
    const options = { batch: 4, shuffle: true, augment: { flip: true, shift: 1 } };
    const once = await collect(numbered(30), { ...options, random });
    const used = Random.fromSeed(3);
    used.uniform();
    expect(await collect(numbered(30), { ...options, random: used })).toEqual(once);
    const other = await collect(numbered(30), { ...options, random: random.fork("epoch 1") });
    expect(other.flatMap((b) => b.indices)).not.toEqual(once.flatMap((b) => b.indices));
  });

  test("from any `first` on are those of the whole pass, augmented alike", async () => {
    const options = { batch: 4, random, shuffle: true, augment: { flip: true, shift: 2 } };
    const whole = await collect(numbered(18), options);
    for (let first = 0; first <= whole.length; first++) {
      expect(await collect(numbered(18), { ...options, first })).toEqual(whole.slice(first));
    }
  });

  test("drop an incomplete last batch where told", async () => {
    const options = { batch: 4, random, shuffle: false, incomplete: "drop" } as const;
    const all = await collect(numbered(11), options);
    expect(all.map((b) => b.labels.length)).toEqual([4, 4]);
    expect(countBatches(11, options)).toBe(2);
  });

  test("wait for a dataset that reads its images when they are asked for", async () => {
    const memory = numbered(7);
    const slow: Dataset = {
      ...memory,
      read: async (...arrays) => {
        await Promise.resolve();
        return memory.read(...arrays);
      },
    };
    const options = { batch: 3, random, shuffle: true };
    expect(await collect(slow, options)).toEqual(await collect(memory, options));
  });

  test.each<[string, Partial<BatchOptions>]>([
    ["A batch has a whole number of images", { batch: 0 }],
    ["A batch has a whole number of images", { batch: 1.5 }],
    ["Batches are numbered from 0", { first: -1 }],
    ["shifted by up to a whole number", { augment: { flip: false, shift: 0.5 } }],
  ])("refuse nonsense: %s", async (says, options) => {
    const all = collect(numbered(4), { batch: 2, random, shuffle: false, ...options });
    await expect(all).rejects.toThrow(says);
  });
});

describe("augmentation", () => {
  /** What an image becomes, the slow way: the value that comes to (row, column) from elsewhere. */
  function moved(flip: boolean, down: number, right: number): number[] {
    return Array.from({ length: 12 }, (_, place) => {
      const [row, column, channel] = [Math.floor(place / 6), Math.floor(place / 2) % 3, place % 2];
      const [fromRow, unflipped] = [row - down, column - right];
      if (fromRow < 0 || fromRow > 1 || unflipped < 0 || unflipped > 2) return 0;
      const fromColumn = flip ? 2 - unflipped : unflipped;
      const byte = ((fromRow * 3 + fromColumn) * 2 + channel) * 5 + 1;
      return Math.fround(byte / 255);
    });
  }

  test("gives each flip and each shift of the image, all of them equally often, and no other", async () => {
    const counts = new Map<string, number>();
    for (const flip of [false, true]) {
      for (const down of [-2, -1, 0, 1, 2]) {
        for (const right of [-2, -1, 0, 1, 2]) counts.set(moved(flip, down, right).join(), 0);
      }
    }
    const distinct = counts.size;
    const drawn = 6000;
    const same = packedDataset({
      name: "one image many times",
      source: "this test",
      shape: [2, 3, 2],
      classes: ["a"],
      pixels: Uint8Array.from({ length: drawn * 12 }, (_, i) => (i % 12) * 5 + 1),
      labels: new Uint8Array(drawn),
    });
    const augment = { flip: true, shift: 2 };
    for (const { images } of await collect(same, { batch: 500, random, shuffle: false, augment })) {
      for (let start = 0; start < images.length; start += 12) {
        const key = images.slice(start, start + 12).join();
        counts.set(key, (counts.get(key) ?? NaN) + 1);
      }
    }
    expect(counts.size).toBe(distinct);
    // 50 moves; those by two rows of two leave black, which is therefore the commonest by far.
    const black = 0.4 * drawn;
    const blackCount = counts.get(Array(12).fill(0).join()) ?? NaN;
    expect(Math.abs(blackCount - black)).toBeLessThan(4 * Math.sqrt(drawn * 0.4 * 0.6));
    for (const [key, count] of counts) {
      if (key.split(",").every((value) => value === "0")) continue;
      expect(Math.abs(count - drawn / 50)).toBeLessThan(5 * Math.sqrt(drawn / 50));
    }
  });
});

describe("parts", () => {
  test("the first images are a dataset of their own", async () => {
    const part = firstImages(numbered(9), 4);
    expect(part.name).toBe("numbered, first 4 of 9 images");
    expect(await countClasses(part)).toEqual([2, 1, 1]);
    expect(firstImages(part, 10)).toBe(part);
    expect(() => firstImages(part, 0)).toThrow(RangeError);
  });

  test("an index outside is refused", () => {
    const read = (): void | Promise<void> =>
      numbered(2).read(Int32Array.of(2), new Uint8Array(12), new Int32Array(1));
    expect(read).toThrow("There is no image 2 in numbered: it has 2.");
  });
});

describe("a folder of IDX files", () => {
  const idx = (type: number, shape: number[], data: number[]): Uint8Array => {
    const sizes = shape.flatMap((size) => [
      size >>> 24,
      (size >>> 16) & 255,
      (size >>> 8) & 255,
      size & 255,
    ]);
    return Uint8Array.of(0, 0, type, shape.length, ...sizes, ...data);
  };
  const images = idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 6]);
  const labels = idx(8, [2], [1, 0]);
  const imagesFile = "mnist/train-images-idx3-ubyte";
  const labelsFile = "mnist/train-labels-idx1-ubyte";
  const options = { part: "training", name: "Digits", classes: ["zero", "one"] } as const;
  const open = (...files: [string, Uint8Array][]): Promise<Dataset> =>
    readIdxFolder(memoryHost(new Map(files)), "mnist", options);

  test.each([
    ["plain", open([imagesFile, images], [labelsFile, labels])],
    [
      "unpacked by other programs",
      open(
        ["mnist/train-images.idx3-ubyte", images],
        ["mnist/train-labels.idx1-ubyte.gz", gzipSync(labels)],
      ),
    ],
    [
      "packed",
      open([`${imagesFile}.gz`, gzipSync(images)], [`${labelsFile}.gz`, gzipSync(labels)]),
    ],
  ])("is read, %s", async (_, opening) => {
    const dataset = await opening;
    expect(dataset.name).toBe("Digits, training part");
    expect(dataset.shape).toEqual([1, 3, 1]);
    const [batch] = await collect(dataset, { batch: 2, random, shuffle: false });
    expect(batch?.labels).toEqual([1, 0]);
    expect(batch?.images).toEqual([1, 2, 3, 4, 5, 6].map((byte) => Math.fround(byte / 255)));
  });

  test.each<[says: string, files: [string, Uint8Array][]]>([
    [
      "train-images-idx3-ubyte` is not there, nor is it with `.gz` or as `train-images.idx3-ubyte`",
      [[labelsFile, labels]],
    ],
    ["is not an IDX file", [[imagesFile, Uint8Array.of(1, 2, 3, 4)]]],
    ["is not an IDX file", [[imagesFile, new Uint8Array(3)]]],
    ["IDX numbers of type 0x0d", [[imagesFile, idx(13, [1], [0])]]],
    ["has 1 dimensions, not 3", [[imagesFile, labels]]],
    [
      "has no images: the training part is empty",
      [
        [imagesFile, idx(8, [0, 1, 3], [])],
        [labelsFile, idx(8, [0], [])],
      ],
    ],
    ["is cut off in its header", [[imagesFile, images.subarray(0, 9)]]],
    [
      "has 5 bytes of data, and its shape [2, 1, 3] takes 6",
      [[imagesFile, images.subarray(0, -1)]],
    ],
    ["is not a whole gzip file", [[imagesFile, gzipSync(images).subarray(0, -9)]]],
    [
      "has 1 labels",
      [
        [imagesFile, images],
        [labelsFile, idx(8, [1], [0])],
      ],
    ],
    [
      "gives image 1 the label 2, and there are 2",
      [
        [imagesFile, images],
        [labelsFile, idx(8, [2], [0, 2])],
      ],
    ],
  ])("is refused: %s", async (says, files) => {
    const problem: unknown = await open(...files).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(FileProblem);
    expect((problem as FileProblem).message).toContain(says);
    expect((problem as FileProblem).help).not.toBe("");
  });

  test("cut off anywhere is refused with a file problem", async () => {
    for (const bytes of [images, new Uint8Array(gzipSync(images))]) {
      for (let length = 0; length < bytes.length; length++) {
        const opening = open([imagesFile, bytes.slice(0, length)], [labelsFile, labels]);
        await expect(opening).rejects.toThrow(FileProblem);
      }
    }
  });
});
