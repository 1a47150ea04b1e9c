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
  readonly classes: readonly string[];
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
  { part, name, classes }: IdxFolderOptions,
): Promise<Dataset> {
  const images = await readArray(host, folder, `${prefixes[part]}-images-idx3-ubyte`, 3);
  const labels = await readArray(host, folder, `${prefixes[part]}-labels-idx1-ubyte`, 1);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (labels.data.length !== count) {
    const problem = `has ${labels.data.length} labels, and \`${images.path}\` has ${count} images`;
    throw new CorruptFile(labels.path, problem, "Download both files of this part again.");
  }
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
  for (const name of [file, `${file}.gz`]) {
    const path = joinPath(folder, name);
    if (await host.exists(path)) return path;
  }
  const path = joinPath(folder, file);
  throw new MissingFile(
    path,
    "is not there, nor is it with `.gz`",
    "Put the dataset's four IDX files into this folder, under their published names.",
  );
}
