import { CorruptFile, joinPath, MissingFile, UnfitFile, type FileHost } from "../files.ts";
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
 * `train-labels-idx1-ubyte`, `t10k-...`, packed (`.gz`) or not, or as some programs unpack them: `train-images.idx3-ubyte`.
 *
 * @throws MissingFile, CorruptFile, UnfitFile (no images)
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
  if (count === 0) {
    const help = "Put images and their labels in, or take another set.";
    throw new UnfitFile(images.path, `has no images: the ${part} part is empty`, help);
  }
  const { classes = numberedClasses(labels.data) } = options;
  const wrong = labels.data.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    const problem = `gives image ${wrong} the label ${labels.data[wrong]}, and there are ${classes.length} classes`;
    throw new CorruptFile(labels.path, problem, "Check that it belongs to these images.");
  }
  const dataset = packedDataset({
    name: `${name}, ${part} part`,
    source: `IDX files in ${folder}`,
    shape: [height, width, 1],
    classes,
    pixels: images.data,
    labels: labels.data,
  });
  return { ...dataset, mayHaveMoreClasses: options.classes === undefined };
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
 * @throws MissingFile, CorruptFile, UnfitFile
 */
export async function readIdxParts(
  host: FileHost,
  folder: string,
  name: string,
): Promise<{ readonly training: Dataset; readonly test: Dataset }> {
  const training = await readIdxFolder(host, folder, { part: "training", name });
  const test = await readIdxFolder(host, folder, { part: "test", name });
  // A class may occur in one of the parts alone.
  const [few, many] = [training.classes, test.classes].toSorted((a, b) => a.length - b.length);
  const classes = many ?? few ?? [];
  return { training: { ...training, classes }, test: { ...test, classes } };
}

function numberedClasses(labels: Uint8Array): readonly string[] {
  const largest = labels.reduce((high, label) => Math.max(high, label), 0);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

function filesOf(part: Part): readonly [images: string, labels: string] {
  return [`${prefixes[part]}-images-idx3-ubyte`, `${prefixes[part]}-labels-idx1-ubyte`];
}

/** As some programs unpack it. */
function withPoint(file: string): string {
  return file.replace("-idx", ".idx");
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
    `is not there, nor is it with \`.gz\` or as \`${withPoint(file)}\``,
    "Put the dataset's four IDX files into this folder, under their published names.",
  );
}

async function findIn(host: FileHost, folder: string, file: string): Promise<string | undefined> {
  const names = [file, withPoint(file)];
  for (const name of names.flatMap((name) => [name, `${name}.gz`])) {
    const path = joinPath(folder, name);
    if (await host.exists(path)) return path;
  }
  return undefined;
}
