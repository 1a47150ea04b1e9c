import { joinPath } from "../files.ts";
import type { DataHost } from "./data-host.ts";
import { imageFolderParts } from "./image-folder.ts";
import type { ImageData } from "./read-image-data.ts";

/** Endings of images that are not read: their files lie there for a reason, and are passed over. */
const otherEndings = /\.(?:avif|bmp|gif|heic|heif|jp2|jxl|pbm|pgm|ppm|psd|raw|svg|tga)$/i;

/** How many images in a folder that was read are of kinds that are passed over. */
export async function countPassedOver(
  host: DataHost,
  folder: string,
  { kind }: ImageData,
): Promise<number> {
  if (kind === "labelled") return 0;
  const folders = kind === "image-folder" ? await classFolders(host, folder) : [folder];
  let count = 0;
  for (const each of folders) {
    const names = await host.list(each);
    count += names.filter((name) => !name.startsWith(".") && otherEndings.test(name)).length;
  }
  return count;
}

async function classFolders(host: DataHost, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of imageFolderParts) {
    const place = joinPath(folder, part);
    for (const name of await host.folders(place)) found.push(joinPath(place, name));
  }
  return found;
}
