import { UnfitFile } from "../files.ts";
import type { ImageDecoder } from "./image-decoder.ts";

/** Files whose sizes are asked for at a time. */
const together = 64;

/** What a patch of photographs must fit into, pixels each way, and how to have smaller ones. */
export interface LeastSize {
  readonly side: number;
  readonly help: string;
}

/**
 * Checks that all photographs are as large as a patch. Only the beginnings of the files are read.
 * @throws UnfitFile, which names the first that is too small; FileProblem where one is no image
 */
export async function requireLargeEnough(
  files: readonly string[],
  decoder: ImageDecoder,
  { side, help }: LeastSize,
): Promise<void> {
  const small: string[] = [];
  let problem = "";
  for (let from = 0; from < files.length; from += together) {
    const part = files.slice(from, from + together);
    const sizes = await Promise.all(
      part.map((file) => decoder.decode({ file, view: { kind: "size" } })),
    );
    for (const [index, { height, width }] of sizes.entries()) {
      if (height >= side && width >= side) continue;
      if (small.length === 0) {
        problem = `has ${width} x ${height} pixels, fewer than a patch of ${side} x ${side}`;
      }
      small.push(part[index]!);
    }
  }
  const [first, ...others] = small;
  if (first === undefined) return;
  const more = others.length === 1 ? "1 other is" : `${others.length} others are`;
  throw new UnfitFile(first, others.length === 0 ? problem : `${problem}; ${more} too small`, help);
}
