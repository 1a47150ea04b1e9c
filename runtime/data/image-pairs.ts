import { joinPath, MissingFile, UnfitFile } from "../files.ts";
import type { DataHost } from "./data-host.ts";
import { downscaleBicubic } from "./downscale-bicubic.ts";
import { cutRegion } from "./cut-region.ts";
import type { ImageShape } from "./dataset.ts";
import type { ExampleBatch, Examples, PassOptions } from "./examples.ts";
import {
  countChannels,
  checkSight,
  toFloatImage,
  type FloatImage,
  type Sight,
} from "./float-image.ts";
import type { ImageDecoder } from "./image-decoder.ts";
import { listImages } from "./image-files.ts";
import { planPass } from "./plan-pass.ts";
import { readAhead } from "./read-ahead.ts";
import type { RgbImage } from "./rgb-image.ts";

/**
 * Whole images, each small and large, to test super-resolution with; every one of its own size, which its batch of one says.
 * Inputs and targets are 0 to the peak; the sides in `inputShape` and the target's shape are 0, because there is no such number.
 */
export interface ImagePairs extends Examples {
  readonly scale: number;
  /** "img_001", in the order of the examples. */
  readonly names: readonly string[];
}

interface Pair {
  readonly small: RgbImage;
  readonly large: RgbImage;
}

export interface PairOptions extends Sight {
  /** How many times as large the large image is: a whole number, 2 or more. */
  readonly scale: number;
}

/** Files of a test set: a small image and a large one for each name. */
export interface PairFiles {
  readonly folder: string;
  readonly pairs: readonly { readonly name: string; readonly low: string; readonly high: string }[];
}

const pairName = /^(.*)_HR(\.[a-z]+)$/i;
const ahead = 4;

/** Whether a folder has images named `..._HR`. */
export async function isPairFolder(host: DataHost, folder: string): Promise<boolean> {
  return (await listImages(host, folder)).some((name) => pairName.test(name));
}

/**
 * Finds the pairs `NAME_HR.png` and `NAME_LR.png` of a folder, as SelfExSR's copies of Set5, Set14 and others are named.
 *
 * @throws MissingFile where one of a pair is not there
 */
export async function findPairs(host: DataHost, folder: string): Promise<PairFiles> {
  const names = await listImages(host, folder);
  const there = new Set(names);
  const pairs = names.flatMap((high) => {
    const [, name, ending] = pairName.exec(high) ?? [];
    if (name === undefined) return [];
    const low = `${name}_LR${ending}`;
    const [lowPath, highPath] = [joinPath(folder, low), joinPath(folder, high)];
    if (there.has(low)) return [{ name, low: lowPath, high: highPath }];
    throw new MissingFile(lowPath, `is not there, but \`${highPath}\` is`, "Pairs need both.");
  });
  if (pairs.length > 0) return { folder, pairs };
  const help = "A pair is called `NAME_HR.png` and `NAME_LR.png`.";
  throw new MissingFile(folder, "has no pairs of images", help);
}

/**
 * Pairs of files. A large image may have up to `scale` - 1 rows and columns more than the small one stands for; they are cut off.
 *
 * @throws RangeError for a scale that is no whole number, 2 or more; a pass throws it for batches of several images, and FileProblem
 * for images that are broken or do not go together
 */
export function imagePairs(
  { folder, pairs }: PairFiles,
  decoder: ImageDecoder,
  { scale, ...sight }: PairOptions,
): ImagePairs {
  const names = pairs.map(({ name }) => name);
  return wholeImages(
    { name: folder, source: `images in ${folder}`, names, scale, sight },
    async (index) => {
      const { low, high } = pairs[index]!;
      const [small, large] = await Promise.all([
        decoder.decode({ file: low }),
        decoder.decode({ file: high }),
      ]);
      requireFit(small, large, scale, { low, high });
      return { small, large: cutTo(large, small, scale) };
    },
  );
}

/**
 * Pairs made of photographs: each cut to a multiple of the scale, and the same made smaller (bicubic).
 *
 * @throws as {@link imagePairs}
 */
export function photographPairs(
  files: readonly string[],
  decoder: ImageDecoder,
  { scale, ...sight }: PairOptions,
): ImagePairs {
  const name = `${files.length} photographs`;
  const source = `${name}, made ${scale} times smaller`;
  return wholeImages({ name, source, names: files, scale, sight }, async (index) => {
    const file = files[index]!;
    const whole = await decoder.decode({ file });
    const [height, width] = [Math.floor(whole.height / scale), Math.floor(whole.width / scale)];
    if (height === 0 || width === 0) {
      const problem = `has ${whole.width} x ${whole.height} pixels, too few to be made ${scale} times smaller`;
      throw new UnfitFile(file, problem, "Use a larger photograph.");
    }
    const large = cutTo(whole, { height, width }, scale);
    const region = { top: 0, left: 0, height, width };
    return { small: downscaleBicubic(large, { factor: scale }, region), large };
  });
}

interface About extends Pick<ImagePairs, "name" | "source" | "names"> {
  readonly scale: number;
  readonly sight: Sight;
}

function wholeImages(
  { sight, ...about }: About,
  decode: (index: number) => Promise<Pair>,
): ImagePairs {
  const { names, scale } = about;
  if (!Number.isInteger(scale) || scale < 2) {
    throw new RangeError(`Images grow by a whole factor, 2 or more, not \`${scale}\`.`);
  }
  checkSight(sight);
  async function* pass(options: PassOptions): AsyncGenerator<ExampleBatch, void, undefined> {
    if (options.batch !== 1) {
      throw new RangeError(`Whole images come one at a time, not \`${options.batch}\`.`);
    }
    const batches = planPass(names.length, options);
    let next = 0;
    for await (const { small, large } of readAhead(batches, ahead, ({ indices }) =>
      decode(indices[0]!),
    )) {
      const { number } = batches[next++]!;
      const [low, high] = [toFloatImage(small, sight), toFloatImage(large, sight)];
      const inputs = { inputs: low.data, inputShape: shapeOf(low) };
      yield { number, count: 1, ...inputs, targets: high.data, targetShape: shapeOf(high) };
    }
  }
  const shape = [0, 0, countChannels(sight)] as const;
  const target = { kind: "images", shape, peak: sight.peak ?? 255 } as const;
  return { ...about, size: names.length, inputShape: shape, target, pass };
}

function shapeOf({ height, width, channels }: FloatImage): ImageShape {
  return [height, width, channels];
}

function cutTo(large: RgbImage, small: Omit<RgbImage, "pixels">, scale: number): RgbImage {
  const [height, width] = [small.height * scale, small.width * scale];
  return cutRegion(large, { top: 0, left: 0, height, width });
}

function requireFit(
  small: RgbImage,
  large: RgbImage,
  scale: number,
  { low, high }: { readonly low: string; readonly high: string },
): void {
  const fits = (less: number, more: number): boolean =>
    more >= less * scale && more < (less + 1) * scale;
  if (fits(small.height, large.height) && fits(small.width, large.width)) return;
  const sizes = `has ${large.width} x ${large.height} pixels, and \`${low}\` has ${small.width} x ${small.height}`;
  const problem = `${sizes}: that is not ${scale} times as many each way`;
  throw new UnfitFile(high, problem, "Check the scale, and that the two belong together.");
}
