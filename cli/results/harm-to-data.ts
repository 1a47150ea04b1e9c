import { existsSync, statSync } from "node:fs";
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
  const hasClasses = existsSync(join(folder, imageFolderParts[0]));
  if (hasClasses && imageFolderParts.some((part) => isInside(target, join(folder, part))))
    return `it lies among the classes of ${name}`;
  return existsSync(target) && mayBeData(target, folder) ? `it is a file of ${name}` : undefined;
}

/** Endings of the files that data is read from: images, IDX, CIFAR-10. */
const endings = [...imageEndings, "ubyte", ".gz", ".bin"];

function mayBeData(file: string, folder: string): boolean {
  const isOfPackage =
    file === join(folder, "package.json") || isInside(file, join(folder, "src", "clothes"));
  return isOfPackage || endings.some((ending) => file.toLowerCase().endsWith(ending));
}
