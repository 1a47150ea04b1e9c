import { createHash, type Hash } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { imageBytes, type Dataset, type ImageData } from "../../runtime/data/index.ts";
import { codeOf } from "../file-problem.ts";
import { fileHost } from "../file-host.ts";
import { readingProblem } from "../reading-problem.ts";
import type { OpenData } from "./open-data.ts";

/** What a fingerprint is made of where images stay on disk. */
export interface DataFiles {
  /** In bytes. @throws FileProblem */
  readonly sizeOf: (file: string) => Promise<number>;
  /** @throws FileProblem */
  readonly read: (file: string) => Promise<Uint8Array>;
}

/** An image on disk: where it is, and what it is called wherever the data lies. */
interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** 1 GiB: seconds to read. */
const usualLimit = 2 ** 30;
/** Files asked for at a time. */
const together = 64;

/**
 * A digest by which other data is noticed, wherever it lies and whenever its files were touched. Of sets in memory it covers all bytes; of images on
 * disk their names, their sizes and what they hold. Where images are more than `limit` bytes, what they hold counts only of evenly
 * spaced ones that make up about so much: another image elsewhere is noticed by its size.
 * @throws FileProblem
 */
export async function fingerprintOf(
  files: DataFiles,
  { training, test }: OpenData,
  limit = usualLimit,
): Promise<string> {
  const hash = createHash("sha256");
  for (const data of test ? [training, test] : [training]) {
    if (data.kind === "labelled") {
      for (const part of [data.parts.training, data.parts.test]) {
        for await (const bytes of bytesOf(part)) hash.update(bytes);
      }
    } else await addImages(hash, files, [...filesOf(data)], limit);
  }
  return hash.digest("hex");
}

/** The files below a folder. */
export function dataFiles(folder: string): DataFiles {
  const sizeOf = async (file: string): Promise<number> => {
    try {
      return (await stat(resolve(folder, file))).size;
    } catch (error) {
      const code = codeOf(error);
      throw code === undefined ? error : readingProblem(file, code);
    }
  };
  return { sizeOf, read: fileHost(folder).read };
}

async function addImages(
  hash: Hash,
  { sizeOf, read }: DataFiles,
  images: readonly NamedFile[],
  limit: number,
): Promise<void> {
  let total = 0;
  for await (const [{ name }, size] of mapAhead(images, ({ file }) => sizeOf(file))) {
    hash.update(`${name}\n${size}\n`);
    total += size;
  }
  const stride = Math.max(1, Math.ceil(total / limit));
  const chosen = images.filter((_, index) => index % stride === 0);
  const digestOf = async ({ file }: NamedFile): Promise<Buffer> =>
    createHash("sha256")
      .update(await read(file))
      .digest();
  for await (const [, digest] of mapAhead(chosen, digestOf)) hash.update(digest);
}

/** Each with what was asked for it, in order, some asked for at a time. */
async function* mapAhead<Item, Found>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Found>,
): AsyncGenerator<readonly [Item, Found]> {
  for (let from = 0; from < items.length; from += together) {
    const part = items.slice(from, from + together);
    const found = await Promise.all(part.map(ask));
    yield* part.map((item, index) => [item, found[index]!] as const);
  }
}

async function* bytesOf(dataset: Dataset): AsyncGenerator<Uint8Array> {
  const chunk = 1024;
  const stride = imageBytes(dataset.shape);
  const [pixels, labels] = [new Uint8Array(chunk * stride), new Int32Array(chunk)];
  for (let from = 0; from < dataset.size; from += chunk) {
    const count = Math.min(chunk, dataset.size - from);
    const indices = Int32Array.from({ length: count }, (_, i) => from + i);
    await dataset.read(indices, pixels, labels);
    yield pixels.subarray(0, count * stride);
    yield Uint8Array.from(labels.subarray(0, count));
  }
}

/** Named without the folders above the data. */
function* filesOf(data: Exclude<ImageData, { kind: "labelled" }>): Generator<NamedFile> {
  if (data.kind === "image-folder") {
    const { folder, training, test } = data.images;
    for (const part of [training, test]) {
      for (let index = 0; index < part.size; index++) {
        const { file } = part.at(index);
        yield { file, name: file.slice(folder.length) };
      }
    }
    return;
  }
  const files =
    data.kind === "pairs" ? data.files.pairs.flatMap(({ low, high }) => [low, high]) : data.files;
  for (const file of files) yield { file, name: file.slice(file.lastIndexOf("/") + 1) };
}
