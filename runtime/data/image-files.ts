import type { FileHost } from "../files.ts";

/** Endings of files that are taken for images, in small letters. */
export const imageEndings = [".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"] as const;

/** Names of the images in a folder, in the order of their characters' codes. */
export async function listImages(host: FileHost, folder: string): Promise<readonly string[]> {
  const names = await host.list(folder);
  return names.filter(isImageName).toSorted(compareNames);
}

/** By character codes, which no locale changes. */
export function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function isImageName(name: string): boolean {
  const small = name.toLowerCase();
  return !small.startsWith(".") && imageEndings.some((ending) => small.endsWith(ending));
}
