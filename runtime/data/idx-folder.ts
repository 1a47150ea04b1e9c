import { CorruptFile, joinPath, MissingFile, type FileHost } from "../files.ts";
import type { Dataset } from "./dataset.ts";
import { readIdx, type IdxArray } from "./idx.ts";
import { inflate, isGzip } from "./inflate.ts";
import { packedDataset } from "./packed-dataset.ts";

/** The two parts that the MNIST family is published in. */
export type Part = "training" | "test";

const prefixes: Readonly<Record<Part, string>> = { training: "train", test: "t10k" };

/** Ten times MNIST: far above any published file of the family, far below what hurts. */
const mostBytes = 600_000_000;

export interface IdxFolderOptions {
  readonly part: Part;
  readonly name: string;
  /** The numbers up to the largest label of the part unless told. */
  readonly classes?: readonly string[];
}

/**
 * Reads a dataset of the MNIST family from a folder with the published files `train-images-idx3-ubyte`,
 * `train-labels-idx1-ubyte`, `t10k-...`, packed (`.gz`) or not.
 *
 * @throws MissingFile, CorruptFile
 */
export async function readIdxFolder(
  host: FileHost,
  folder: string,
  { part, name, ...options }: IdxFolderOptions,
): Promise<Dataset> {
  const [imagesFile, labelsFile] = filesOf(part);
  const images = await readArray(host, folder, imagesFile, 3);
  const labels = await readArray(host, folder, labelsFile, 1);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (labels.data.length !== count) {
    const problem = `has ${labels.data.length} labels, and \`${images.path}\` has ${count} images`;
    throw new CorruptFile(labels.path, problem, "Download both files of this part again.");
  }
  const { classes = numberedClasses(labels.data) } = options;
  const wrong = labels.data.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    const problem = `gives image ${wrong} the label ${labels.data[wrong]}, and there are ${classes.length} classes`;
    throw new CorruptFile(labels.path, problem, "Check that it belongs to these images.");
  }
  return packedDataset({
    name: `${name}, ${part} part`,
    source: `IDX files in ${folder}`,
    shape: [height, width, 1],
    classes,
    pixels: images.data,
    labels: labels.data,
  });
}

/** Whether a folder has one of the files. */
export async function isIdxFolder(host: FileHost, folder: string): Promise<boolean> {
  for (const part of ["training", "test"] as const) {
    for (const file of filesOf(part)) {
      if (await findIn(host, folder, file)) return true;
    }
  }
  return false;
}

/**
 * Reads both parts. The files do not say what their classes are called, nor which set of the family they are.
 *
 * @param name "MNIST"
 * @throws MissingFile, CorruptFile
 */
export async function readIdxParts(
  host: FileHost,
  folder: string,
  name: string,
): Promise<{ readonly training: Dataset; readonly test: Dataset }> {
  const training = await readIdxFolder(host, folder, { part: "training", name });
  const { classes } = training;
  return { training, test: await readIdxFolder(host, folder, { part: "test", name, classes }) };
}

function numberedClasses(labels: Uint8Array): readonly string[] {
  const largest = labels.reduce((high, label) => Math.max(high, label), 0);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

function filesOf(part: Part): readonly [images: string, labels: string] {
  return [`${prefixes[part]}-images-idx3-ubyte`, `${prefixes[part]}-labels-idx1-ubyte`];
}

async function readArray(
  host: FileHost,
  folder: string,
  file: string,
  rank: number,
): Promise<IdxArray & { readonly path: string }> {
  const path = await findFile(host, folder, file);
  const bytes = await host.read(path);
  const unpacked = isGzip(bytes) ? await inflate(bytes, path, mostBytes) : bytes;
  return { ...readIdx(unpacked, path, rank), path };
}

async function findFile(host: FileHost, folder: string, file: string): Promise<string> {
  const found = await findIn(host, folder, file);
  if (found !== undefined) return found;
  throw new MissingFile(
    joinPath(folder, file),
    "is not there, nor is it with `.gz`",
    "Put the dataset's four IDX files into this folder, under their published names.",
  );
}

async function findIn(host: FileHost, folder: string, file: string): Promise<string | undefined> {
  for (const name of [file, `${file}.gz`]) {
    const path = joinPath(folder, name);
    if (await host.exists(path)) return path;
  }
  return undefined;
}
