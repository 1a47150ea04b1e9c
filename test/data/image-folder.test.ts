/** A folder in ImageNet's layout, made of crops of real photographs, and the decoder's threads as they are bundled. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataHost } from "../../cli/data-host.ts";
import { decodeImage } from "../../cli/decode-image.ts";
import { imageDecoder } from "../../cli/image-decoder.ts";
import { cutRegion } from "../../runtime/data/cut-region.ts";
import {
  imageFolderExamples,
  imagenetNormalization,
  readImageData,
  readImageFolder,
  type ImageDecoder,
  type ImageFolder,
} from "../../runtime/data/index.ts";
import { takeView } from "../../runtime/data/take-view.ts";
import { CorruptFile, FileProblem, MissingFile, UnreadableFile } from "../../runtime/files.ts";
import { Random } from "../../runtime/random.ts";
import { copyPass } from "./copy-pass.ts";
import { readPhotograph, root } from "./photographs.ts";

// Below node_modules, where the bundled thread finds its packages.
const folder = mkdtempSync(join(root, "node_modules", ".repqc-test-"));
const options = { batch: 3, random: Random.fromSeed(2), shuffle: true };
let decoder: ImageDecoder;
let images: ImageFolder;

/** Writes a crop of a photograph; the ending says how. */
async function writeCrop(file: string, photograph: number, at: number): Promise<void> {
  const [height, width] = [90 + 5 * at, 70 + 17 * at];
  const { pixels } = cutRegion(await readPhotograph(photograph), {
    top: 40 * at,
    left: 60 * at,
    height,
    width,
  });
  mkdirSync(join(folder, file, ".."), { recursive: true });
  await sharp(pixels, { raw: { height, width, channels: 3 } }).toFile(join(folder, file));
}

beforeAll(async () => {
  for (const [label, name] of ["boat", "alp"].entries()) {
    for (let at = 0; at < 4; at++) {
      await writeCrop(`set/train/${name}/n_${at}.${at === 2 ? "PNG" : "jpeg"}`, 4 + 3 * label, at);
    }
    await writeCrop(`set/val/${name}/v.jpg`, 4 + 3 * label, 4);
  }
  writeFileSync(join(folder, "set/train/boat/.DS_Store"), "");
  writeFileSync(join(folder, "set/train/boat/notes.txt"), "no image");
  const program = join(folder, "image-worker.js");
  await build({
    entryPoints: [join(root, "cli/image-worker.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  decoder = imageDecoder(folder, { threads: 2, program: pathToFileURL(program) });
  images = await readImageFolder(dataHost(folder), "set");
});
afterAll(async () => {
  await decoder.close();
  rmSync(folder, { recursive: true });
});

const labelsOf = (file: string): number => (file.includes("/alp/") ? 0 : 1);

describe("a folder in ImageNet's layout", () => {
  test("is its images, by class, whatever else lies there", async () => {
    expect(images.classes).toEqual(["alp", "boat"]);
    expect([images.training.size, images.test.size]).toEqual([8, 2]);
    const files = Array.from({ length: 8 }, (_, i) => images.training.at(i));
    expect(files[6]).toEqual({ file: "set/train/boat/n_2.PNG", label: 1 });
    expect(files.every(({ file, label }) => labelsOf(file) === label)).toBe(true);
    expect(new Set(files.map(({ file }) => file)).size).toBe(8);
    expect(() => images.training.at(8)).toThrow("There is no image 8");
    const data = await readImageData(dataHost(folder), "set");
    expect(data.kind === "image-folder" && data.images.test.size).toBe(2);
  });

  test("is followed through links", async () => {
    mkdirSync(join(folder, "linked"));
    for (const part of ["train", "val"]) {
      symlinkSync(join(folder, "set", part), join(folder, "linked", part), "dir");
    }
    expect((await readImageFolder(dataHost(folder), "linked")).training.size).toBe(8);
  });

  test("gives its test images' middles, normalized as ImageNet's", async () => {
    const examples = imageFolderExamples(images, decoder, { part: "test", size: [28, 28] });
    const [batch] = await copyPass(examples, { ...options, shuffle: false });
    expect(batch).toMatchObject({ count: 2, inputShape: [28, 28, 3], targets: [0, 1] });
    const { mean, deviation } = imagenetNormalization;
    for (const index of [0, 1]) {
      const { file } = images.test.at(index);
      const whole = await decodeImage(await dataHost(folder).read(file));
      const { pixels } = takeView(whole, { kind: "centre-crop", size: [28, 28] });
      pixels.forEach((byte, i) => {
        const expected = (byte / 255 - mean[i % 3]!) / deviation[i % 3]!;
        expect(batch!.inputs[index * pixels.length + i]).toBeCloseTo(expected, 5);
      });
    }
  });

  test("gives random crops: the same for a seed, however many threads, from any batch on", async () => {
    const examples = imageFolderExamples(images, decoder, { part: "training", size: [16, 16] });
    const whole = await copyPass(examples, options);
    expect(whole.map(({ count }) => count)).toEqual([3, 3, 2]);
    expect(whole.flatMap(({ targets }) => targets).toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    const plain: ImageDecoder = {
      decode: async ({ file, view }) => {
        const bytes = await dataHost(folder).read(file);
        return takeView(await decodeImage(bytes), view);
      },
      close: async () => undefined,
    };
    const inThisThread = imageFolderExamples(images, plain, { part: "training", size: [16, 16] });
    expect(await copyPass(inThisThread, options)).toEqual(whole);
    expect(await copyPass(examples, { ...options, first: 1 })).toEqual(whole.slice(1));
    const other = await copyPass(examples, { ...options, random: options.random.fork("epoch 1") });
    expect(other[0]!.inputs).not.toEqual(whole[0]!.inputs);
  });

  test("is decoded two batches ahead, and no further", async () => {
    let asked = 0;
    const counting: ImageDecoder = {
      ...decoder,
      decode: (request) => {
        asked++;
        return decoder.decode(request);
      },
    };
    const examples = imageFolderExamples(images, counting, { part: "training", size: [8, 8] });
    const pass = examples.pass({ ...options, batch: 1 });
    await pass.next();
    expect(asked).toBe(2);
    await pass.next();
    expect(asked).toBe(3);
    await pass.return();
  });
});

describe("a folder that is not as it should be", () => {
  const read = (name: string): Promise<unknown> =>
    readImageFolder(dataHost(folder), name).catch((error: unknown) => error);

  test("classes of the parts differ, or have no images, or there are none", async () => {
    await writeCrop("bad/train/cat/1.png", 4, 0);
    await writeCrop("bad/train/dog/1.png", 4, 0);
    await writeCrop("bad/val/cat/1.png", 4, 0);
    expect(await read("bad")).toMatchObject({
      constructor: CorruptFile,
      file: "bad/val",
      problem: "has no folder `dog`, but `bad/train` has",
    });
    mkdirSync(join(folder, "bad/val/dog"));
    expect(await read("bad")).toMatchObject({
      constructor: MissingFile,
      file: "bad/val/dog",
      problem: "has no images",
    });
    mkdirSync(join(folder, "empty/train"), { recursive: true });
    expect(await read("empty")).toMatchObject({ problem: "has no folders of classes" });
  });

  test("a broken image is named when its turn comes; the batches before it are whole", async () => {
    for (const name of ["train", "val"]) {
      for (let at = 0; at < 3; at++) await writeCrop(`broken/${name}/a/${at}.jpg`, 5, at);
    }
    truncateSync(join(folder, "broken/train/a/1.jpg"), 900);
    writeFileSync(join(folder, "broken/val/a/1.jpg"), "This is no image.");
    const broken = await readImageFolder(dataHost(folder), "broken");
    for (const part of ["training", "test"] as const) {
      const examples = imageFolderExamples(broken, decoder, { part, size: [8, 8] });
      const pass = examples.pass({ ...options, batch: 1, shuffle: false });
      expect((await pass.next()).value).toMatchObject({ number: 0, count: 1 });
      const problem: unknown = await pass.next().catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(CorruptFile);
      const name = part === "training" ? "train" : "val";
      expect(String(problem)).toContain(`broken/${name}/a/1.jpg\` is no image that can be read: `);
    }
    // The threads are none the worse.
    expect((await decoder.decode({ file: "broken/val/a/0.jpg" })).width).toBe(70);
  });

  test("of a file that breaks off, in words; its size without its pixels", async () => {
    const noise = { create: { width: 40, height: 30, channels: 3, background: "red" } } as const;
    const gaussian = { type: "gaussian", mean: 128, sigma: 30 } as const;
    const image = sharp({ create: { ...noise.create, noise: gaussian } });
    for (const [ending, bytes] of [
      ["png", await image.clone().png().toBuffer()],
      ["jpg", await image.clone().jpeg().toBuffer()],
    ] as const) {
      const file = `cut.${ending}`;
      writeFileSync(join(folder, file), bytes.subarray(0, bytes.length >> 1));
      const view = { kind: "size" } as const;
      expect(await decoder.decode({ file, view })).toMatchObject({ height: 30, width: 40 });
      const problem: unknown = await decoder.decode({ file }).catch((error: unknown) => error);
      expect(String(problem)).toContain("can be read: it is cut off or damaged.");
      writeFileSync(join(folder, file), bytes.subarray(0, 20));
      const other: unknown = await decoder.decode({ file, view }).catch((error: unknown) => error);
      expect(String(other)).toContain("can be read: it is cut off or damaged.");
    }
  });

  test("a file that went away, or is a folder", async () => {
    const decode = (file: string) => decoder.decode({ file }).catch((error: unknown) => error);
    expect(await decode("set/train/boat/gone.jpeg")).toBeInstanceOf(MissingFile);
    expect(await decode("set/train")).toBeInstanceOf(UnreadableFile);
  });

  test("requests are rejected when the decoder is closed, or its thread has no program", async () => {
    const other = imageDecoder(folder, {
      threads: 1,
      program: pathToFileURL(join(folder, "none.js")),
    });
    await expect(other.decode({ file: "set/val/boat/v.jpg" })).rejects.toThrow("none.js");
    await other.close();
    const program = pathToFileURL(join(folder, "image-worker.js"));
    const closed = imageDecoder(folder, { threads: 1, program });
    const open = closed.decode({ file: "set/val/boat/v.jpg" }).catch((error: unknown) => error);
    await closed.close();
    const problem = await open;
    expect(problem).not.toBeInstanceOf(FileProblem);
    expect(String(problem)).toContain("closed");
  });
});

describe("decoded images", () => {
  const pixel = async (image: Sharp): Promise<number[]> =>
    [...(await decodeImage(await image.png().toBuffer())).pixels].slice(0, 3);
  const raw = (values: number[], channels: 1 | 2 | 3 | 4) =>
    sharp(Uint8Array.from(values), { raw: { height: 1, width: 1, channels } });

  test("have three colours, whatever was stored", async () => {
    expect(await pixel(raw([77], 1))).toEqual([77, 77, 77]);
    expect(await pixel(raw([1, 2, 3], 3))).toEqual([1, 2, 3]);
    expect(await pixel(raw([1, 2, 3, 40], 4))).toEqual([1, 2, 3]);
    expect(await pixel(raw([200, 9], 2))).toEqual([200, 200, 200]);
  });

  test('of inks are what Pillow\'s `convert("RGB")` gives', async () => {
    const inks = [0, 0, 0, 0, 200, 100, 50, 20, 255, 0, 128, 77, 10, 20, 30, 255];
    const { height, width, pixels } = await decodeImage(inkTiff(inks));
    expect([height, width]).toEqual([1, 4]);
    // Pillow 13.0.0
    expect([...pixels]).toEqual([255, 255, 255, 51, 143, 189, 0, 178, 89, 0, 0, 0]);
  });
});

/** A TIFF file of one row of CMYK pixels, not packed. */
function inkTiff(inks: readonly number[]): Uint8Array {
  const [short, long] = [3, 4];
  const width = inks.length / 4;
  const entries = [
    [256, long, 1, width],
    [257, long, 1, 1],
    [258, short, 4, 8 + inks.length],
    [259, short, 1, 1],
    // Separated: inks.
    [262, short, 1, 5],
    [273, long, 1, 8],
    [277, short, 1, 4],
    [278, long, 1, 1],
    [279, long, 1, inks.length],
  ] as const;
  const directory = 8 + inks.length + 8;
  const bytes = Buffer.alloc(directory + 2 + 12 * entries.length + 4);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(directory, 4);
  bytes.set(inks, 8);
  for (let ink = 0; ink < 4; ink++) bytes.writeUInt16LE(8, 8 + inks.length + 2 * ink);
  bytes.writeUInt16LE(entries.length, directory);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = directory + 2 + 12 * index;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}
