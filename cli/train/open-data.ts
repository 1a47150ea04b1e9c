import { createHash } from "node:crypto";
import { imageBytes, readImageData, type DataHost } from "../../runtime/data/index.ts";
import type { Dataset, ImageData, ImageFolder } from "../../runtime/data/index.ts";

import { dataHost } from "../data-host.ts";
import { filesIn } from "../files.ts";

/** Where a run's data lies, and how much of it is wanted. */
export interface DataChoice {
  readonly data: string;
  readonly testData?: string;
  /** The first so many images of the training part, or photographs. */
  readonly images?: number;
  readonly testImages?: number;
  /** Largest number in images for super-resolution; 255 unless told. */
  readonly peak?: number;
}

export interface OpenData {
  readonly choice: DataChoice;
  readonly training: ImageData;
  readonly test?: ImageData;
}

/** Sides of images where neither the spec nor the data says them: ImageNet's. */
const usualSide = 224;
/** Side of patches of small photographs where the spec does not say it, as in ECBSR's code. */
const usualPatch = 64;

/** @throws FileProblem */
export async function openData(host: DataHost, choice: DataChoice): Promise<OpenData> {
  const training = await readImageData(host, choice.data);
  if (choice.testData === undefined) return { choice, training };
  return { choice, training, test: await readImageData(host, choice.testData) };
}

/** The data that a command names. @throws UserMistake where there is no such folder; FileProblem */
export function openNamedData(folder: string, choice: DataChoice): Promise<OpenData> {
  const files = filesIn(folder);
  files.ensureThere(choice.data);
  if (choice.testData !== undefined) files.ensureThere(choice.testData);
  return openData(dataHost(folder), choice);
}

/** [height, width, channels] of the inputs that a model gets which leaves them open. */
export function inputShapeOf({ training }: OpenData): readonly number[] {
  if (training.kind === "labelled") return training.parts.training.shape;
  if (training.kind === "image-folder") return [usualSide, usualSide, 3];
  return [usualPatch, usualPatch, 1];
}

/** A digest by which other data is noticed: of all bytes of sets in memory, of the names of files on disk. */
export async function fingerprintOf({ training, test }: OpenData): Promise<string> {
  const hash = createHash("sha256");
  for (const data of test ? [training, test] : [training]) {
    if (data.kind === "labelled") {
      for (const part of [data.parts.training, data.parts.test]) {
        for await (const bytes of bytesOf(part)) hash.update(bytes);
      }
    } else for (const name of namesIn(data)) hash.update(`${name}\n`);
  }
  return hash.digest("hex");
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

/** Paths without the folders above the data, so that it may lie elsewhere. */
function* namesIn(data: Exclude<ImageData, { kind: "labelled" }>): Generator<string> {
  if (data.kind === "image-folder") return yield* namesOf(data.images);
  const files =
    data.kind === "pairs" ? data.files.pairs.flatMap(({ low, high }) => [low, high]) : data.files;
  for (const file of files) yield file.slice(file.lastIndexOf("/") + 1);
}

function* namesOf({ folder, training, test }: ImageFolder): Generator<string> {
  for (const part of [training, test]) {
    for (let index = 0; index < part.size; index++) {
      yield part.at(index).file.slice(folder.length);
    }
  }
}
