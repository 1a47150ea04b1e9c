import { CorruptFile, joinPath, MissingFile, type FileHost } from "../files.ts";
import type { Dataset, ImageShape } from "./dataset.ts";
import type { DatasetParts } from "./fashion-mnist.ts";
import { packedDataset } from "./packed-dataset.ts";

const shape: ImageShape = [32, 32, 3];
const plane = 32 * 32;
/** A label, then a plane of each colour. */
const recordBytes = 1 + 3 * plane;
const inBatch = 10_000;
const trainingFiles = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);
const testFile = "test_batch.bin";
const namesFile = "batches.meta.txt";
const help = "Unpack CIFAR-10's binary version (cifar-10-binary.tar.gz) again.";

export const cifar10Classes = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

/** Whether a folder has one of the files. */
export async function isCifar10(host: FileHost, folder: string): Promise<boolean> {
  for (const name of [...trainingFiles, testFile]) {
    if (await host.exists(joinPath(folder, name))) return true;
  }
  return false;
}

/**
 * Reads CIFAR-10 (Krizhevsky, "Learning multiple layers of features from tiny images", 2009; 32 x 32 pixels of 3 colours, 10 classes)
 * from the six files of its binary version: 50,000 training and 10,000 test images. One file at a time is read; in memory an image
 * takes a byte for each colour of a pixel, 184 MB together. Names of the classes are taken from `batches.meta.txt` where it is there.
 *
 * @throws MissingFile, CorruptFile
 */
export async function readCifar10(host: FileHost, folder: string): Promise<DatasetParts> {
  const classes = await readNames(host, joinPath(folder, namesFile));
  const read = (part: string, names: readonly string[]): Promise<Dataset> =>
    readPart(host, folder, part, names, classes);
  return { training: await read("training", trainingFiles), test: await read("test", [testFile]) };
}

async function readPart(
  host: FileHost,
  folder: string,
  part: string,
  names: readonly string[],
  classes: readonly string[],
): Promise<Dataset> {
  const pixels = new Uint8Array(names.length * inBatch * 3 * plane);
  const labels = new Uint8Array(names.length * inBatch);
  for (const [number, name] of names.entries()) {
    const path = joinPath(folder, name);
    if (!(await host.exists(path))) throw new MissingFile(path, "is not there", help);
    const bytes = await host.read(path);
    checkBatch(bytes, path);
    for (let record = 0; record < inBatch; record++) {
      const place = number * inBatch + record;
      labels[place] = bytes[record * recordBytes]!;
      const colours = bytes.subarray(record * recordBytes + 1, (record + 1) * recordBytes);
      interleave(colours, pixels.subarray(place * 3 * plane, (place + 1) * 3 * plane));
    }
  }
  const source = `binary files in ${folder}`;
  return packedDataset({ name: `CIFAR-10, ${part} part`, source, shape, classes, pixels, labels });
}

function checkBatch(bytes: Uint8Array, path: string): void {
  const expected = inBatch * recordBytes;
  if (bytes.length !== expected) {
    const problem = `has ${bytes.length} bytes, and ${inBatch} images with their labels take ${expected}`;
    throw new CorruptFile(path, problem, help);
  }
  for (let record = 0; record < inBatch; record++) {
    const label = bytes[record * recordBytes] ?? 0;
    if (label < cifar10Classes.length) continue;
    const problem = `gives image ${record} the label ${label}, and there are ${cifar10Classes.length} classes`;
    throw new CorruptFile(path, problem, help);
  }
}

/** Three planes, as pixels of three colours. */
function interleave(planes: Uint8Array, pixels: Uint8Array): void {
  for (let pixel = 0; pixel < plane; pixel++) {
    pixels[3 * pixel] = planes[pixel]!;
    pixels[3 * pixel + 1] = planes[plane + pixel]!;
    pixels[3 * pixel + 2] = planes[2 * plane + pixel]!;
  }
}

async function readNames(host: FileHost, path: string): Promise<readonly string[]> {
  if (!(await host.exists(path))) return cifar10Classes;
  const lines = new TextDecoder().decode(await host.read(path)).split(/\r?\n/);
  const names = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (new Set(names).size === cifar10Classes.length && names.length === cifar10Classes.length) {
    return names;
  }
  const problem = `should have ${cifar10Classes.length} different names, one a line; it has ${names.length} lines`;
  throw new CorruptFile(path, problem, help);
}
