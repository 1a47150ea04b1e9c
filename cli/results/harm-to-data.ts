import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { imageEndings } from "../../runtime/data/image-files.ts";
import { imageFolderParts } from "../../runtime/data/image-folder.ts";
import { isInside } from "../file-names.ts";
import { realPlace } from "./real-place.ts";
import type { Source } from "./source-files.ts";

/**
 * What a result would do to a folder of data; nothing where it does none. Results may lie beside the images, but for what is there already and
 * may be data, and for the folders of classes, where every folder is a class.
 * @param target where it goes, links followed
 */
export function harmToData(target: string, { name, path }: Source): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const folder = realPlace(path);
  if (!isInside(target, folder)) return undefined;
  const parts = imageFolderParts.map((part) => join(folder, part));
  if (parts.some((part) => isInside(target, part)) && parts.some(hasClasses))
    return `it lies among the classes of ${name}`;
  return existsSync(target) && mayBeData(target, folder) ? `it is a file of ${name}` : undefined;
}

/** Whether images lie in folders below: a run in a folder `train` beside data of another kind is none of them. */
function hasClasses(part: string): boolean {
  return foldersIn(part).some((label) => readdirSync(join(part, label)).some(isImage));
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function isImage(file: string): boolean {
  return imageEndings.some((ending) => file.toLowerCase().endsWith(ending));
}

/** Endings of the files that data is read from: images, IDX, CIFAR-10. */
const endings = [...imageEndings, "ubyte", ".gz", ".bin"];

function mayBeData(file: string, folder: string): boolean {
  const isOfPackage =
    file === join(folder, "package.json") || isInside(file, join(folder, "src", "clothes"));
  return isOfPackage || endings.some((ending) => file.toLowerCase().endsWith(ending));
}
