import { CorruptFile, joinPath, MissingFile } from "../files.ts";
import type { DataHost } from "./data-host.ts";
import { compareNames, imageEndings, listImages } from "./image-files.ts";

/** Images on disk, a folder for each class. Only their names are in memory. */
export interface ImageFolder {
  readonly folder: string;
  /** Names of the classes' folders; label 3 means `classes[3]`. */
  readonly classes: readonly string[];
  readonly training: ImageList;
  readonly test: ImageList;
}

export interface ImageList {
  readonly size: number;
  /** The path and the label of an image; images of a class are neighbours. */
  at(index: number): { readonly file: string; readonly label: number };
}

/** ImageNet's names of the parts. */
export const imageFolderParts = ["train", "val"] as const;
const [trainingFolder, testFolder] = imageFolderParts;

/** Whether a folder is laid out so, as far as one can tell by a look at it. */
export async function isImageFolder(host: DataHost, folder: string): Promise<boolean> {
  const folders = await host.folders(folder);
  return folders.includes(trainingFolder);
}

/**
 * Reads the names of the images in `folder/train/<class>/` and `folder/val/<class>/`, the layout that ImageNet is used in. Images
 * lie in their class's own folder, not deeper; names that begin with a point are passed over.
 *
 * @throws MissingFile (a part, or the images of a class), CorruptFile (the parts have different classes)
 */
export async function readImageFolder(host: DataHost, folder: string): Promise<ImageFolder> {
  const [trainFolder, valFolder] = [joinPath(folder, trainingFolder), joinPath(folder, testFolder)];
  const classes = await listClasses(host, trainFolder);
  requireSame(classes, await listClasses(host, valFolder), trainFolder, valFolder);
  const training = await listPart(host, trainFolder, classes);
  return { folder, classes, training, test: await listPart(host, valFolder, classes) };
}

async function listClasses(host: DataHost, folder: string): Promise<readonly string[]> {
  const folders = await host.folders(folder);
  const classes = folders.filter((name) => !name.startsWith("."));
  if (classes.length > 0) return classes.toSorted(compareNames);
  const help = `Images of a class called \`cat\` belong into \`${joinPath(folder, "cat")}\`.`;
  throw new MissingFile(folder, "has no folders of classes", help);
}

function requireSame(
  training: readonly string[],
  test: readonly string[],
  trainFolder: string,
  valFolder: string,
): void {
  requireIn(training, new Set(test), trainFolder, valFolder);
  requireIn(test, new Set(training), valFolder, trainFolder);
}

function requireIn(
  classes: readonly string[],
  others: ReadonlySet<string>,
  folder: string,
  other: string,
): void {
  const missing = classes.filter((name) => !others.has(name));
  const [first] = missing;
  if (first === undefined) return;
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : "";
  const problem = `has no folder \`${first}\`${more}, but \`${folder}\` has`;
  throw new CorruptFile(other, problem, "Both parts need the same classes, by the same names.");
}

async function listPart(
  host: DataHost,
  folder: string,
  classes: readonly string[],
): Promise<ImageList> {
  const names: (readonly string[])[] = [];
  for (const name of classes) names.push(await listClass(host, joinPath(folder, name)));
  const ends: number[] = [];
  for (const { length } of names) ends.push((ends.at(-1) ?? 0) + length);
  const size = ends.at(-1) ?? 0;
  const at = (index: number): { file: string; label: number } => {
    const label = firstAbove(ends, index);
    const [ofClass, className] = [names[label], classes[label]];
    const name = ofClass?.[index - (ends[label - 1] ?? 0)];
    if (name === undefined || className === undefined) {
      throw new RangeError(`There is no image ${index} in ${folder}: it has ${size}.`);
    }
    return { file: joinPath(joinPath(folder, className), name), label };
  };
  return { size, at };
}

async function listClass(host: DataHost, folder: string): Promise<readonly string[]> {
  const names = await listImages(host, folder);
  if (names.length > 0) return names;
  const help = `Put images in (${imageEndings.join(", ")}), or remove the folder from both parts.`;
  throw new MissingFile(folder, "has no images", help);
}

/** Place of the first number above another in a list that rises; the list's length where there is none. */
function firstAbove(numbers: readonly number[], number: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
