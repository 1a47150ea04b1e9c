import type { Random } from "../random.ts";
import { cutRegion } from "./cut-region.ts";
import { downscaleBicubic } from "./downscale-bicubic.ts";
import type { ExampleBatch, Examples, PassOptions } from "./examples.ts";
import { checkSight, countChannels, toFloatImage, turnImage } from "./float-image.ts";
import type { FloatImage, Sight, Turn } from "./float-image.ts";
import type { ImageDecoder } from "./image-decoder.ts";
import { recentPhotographs } from "./recent-photographs.ts";
import { requireLargeEnough } from "./require-large-enough.ts";
import { planPass, type PlannedBatch } from "./plan-pass.ts";
import { readAhead } from "./read-ahead.ts";
import type { RgbImage } from "./rgb-image.ts";

export interface PatchOptions extends Sight {
  /** How many times as large the output is: a whole number, 2 or more. */
  readonly scale: number;
  /** Side of a patch of the output, pixels, a multiple of the scale; 64 times the scale unless told, as Zhang et al. (ACM MM 2021) cut them. */
  readonly patch?: number;
  /** How many patches of a photograph one pass has; 64 unless told, as there. */
  readonly repeat?: number;
  /** Flips each way and a quarter turn, each in half of the cases; done unless told otherwise. */
  readonly augment?: boolean;
}

/** Whole photographs are large: enough of them to keep the decoder's threads at work. */
const photographsAhead = 8;

interface Patches extends Required<PatchOptions> {
  readonly files: readonly string[];
  readonly decoder: ImageDecoder;
}

interface Task {
  readonly file: string;
  readonly random: Random;
}

interface Pair {
  readonly low: FloatImage;
  readonly high: FloatImage;
}

/**
 * Examples for super-resolution, made of photographs: a patch, and the same patch of the photograph made smaller
 * (bicubic, bytes, then luma where that is wanted), both from 0 to the peak. Photographs are decoded as they are needed, a few ahead; those
 * last used are kept while they take less than 256 MiB.
 *
 * @throws RangeError for impossible options; a pass throws UnfitFile before its first batch when a photograph is smaller than a patch, and
 * FileProblem when one is broken
 */
export function photographPatches(
  files: readonly string[],
  decoder: ImageDecoder,
  options: PatchOptions,
): Examples {
  const {
    scale,
    patch = 64 * scale,
    repeat = 64,
    augment = true,
    colours = "luma",
    peak = 255,
  } = options;
  const patches = { files, decoder, scale, patch, repeat, augment, colours, peak };
  checkOptions(patches);
  const channels = countChannels(patches);
  const size = files.length * repeat;
  let check: Promise<void> | undefined;
  async function* pass(options: PassOptions): AsyncGenerator<ExampleBatch, void, undefined> {
    const batches = planPass(size, options);
    await (check ??= requirePatches(patches));
    yield* cutPass(patches, batches, options);
  }
  return {
    name: `patches of ${files.length} photographs`,
    source: `${repeat} patches of each of ${files.length} photographs, made ${scale} times smaller`,
    size,
    inputShape: [patch / scale, patch / scale, channels],
    target: { kind: "images", shape: [patch, patch, channels], peak },
    pass,
  };
}

function checkOptions({ files, scale, patch, repeat, peak }: Patches): void {
  const isCount = (number: number): boolean => Number.isInteger(number) && number >= 1;
  if (files.length === 0) throw new RangeError("Patches are made of one photograph at least.");
  if (!isCount(scale) || scale < 2) {
    throw new RangeError(`Images grow by a whole factor, 2 or more, not \`${scale}\`.`);
  }
  if (!isCount(patch) || patch % scale !== 0) {
    throw new RangeError(`A patch's side is a multiple of the scale ${scale}, not \`${patch}\`.`);
  }
  checkSight({ peak });
  if (!isCount(repeat)) {
    throw new RangeError(`A photograph gives 1 patch or more in a pass, not \`${repeat}\`.`);
  }
}

/** A photograph that is too small would otherwise be found when its turn comes, hours later. */
function requirePatches({ files, decoder, patch, scale }: Patches): Promise<void> {
  const smaller = `a model whose input is smaller than [${patch / scale}, ${patch / scale}] takes smaller patches`;
  const help = `Use photographs of at least ${patch} pixels each way: ${smaller}.`;
  return requireLargeEnough(files, decoder, { side: patch, help });
}

async function* cutPass(
  patches: Patches,
  batches: readonly PlannedBatch[],
  { random }: PassOptions,
): AsyncGenerator<ExampleBatch, void, undefined> {
  const { patch, scale } = patches;
  const channels = countChannels(patches);
  const [highSize, lowSize] = [channels * patch ** 2, channels * (patch / scale) ** 2];
  const room = batches[0]?.indices.length ?? 0;
  const inputs = new Float32Array(room * lowSize);
  const targets = new Float32Array(room * highSize);
  const photographs = recentPhotographs(patches.decoder);
  const ahead = readAhead(tasksOf(patches, batches, random), photographsAhead, async (task) => ({
    task,
    image: await photographs(task.file),
  }));
  for (const { number, indices } of batches) {
    for (let place = 0; place < indices.length; place++) {
      const { value } = await ahead.next();
      if (!value) throw new Error("repqc bug: fewer photographs were decoded than planned");
      const { low, high } = cutPair(value.image, value.task, patches);
      inputs.set(low.data, place * lowSize);
      targets.set(high.data, place * highSize);
    }
    const count = indices.length;
    yield {
      number,
      count,
      inputs: inputs.subarray(0, count * lowSize),
      inputShape: [patch / scale, patch / scale, channels],
      targets: targets.subarray(0, count * highSize),
      targetShape: [patch, patch, channels],
    };
  }
}

function* tasksOf(
  { files, repeat }: Patches,
  batches: readonly PlannedBatch[],
  random: Random,
): Generator<Task, void, undefined> {
  for (const { number, indices } of batches) {
    const ofBatch = random.fork(`batch ${number}`);
    for (const [place, index] of indices.entries()) {
      const file = files[Math.floor(index / repeat)] ?? "";
      yield { file, random: ofBatch.fork(`example ${place}`) };
    }
  }
}

/** Draws the row, the column, then (if wanted) flip left and right, flip up and down, quarter turn. */
function cutPair(image: RgbImage, { random }: Task, patches: Patches): Pair {
  const { patch, scale, augment } = patches;
  const side = patch / scale;
  const rows = Math.floor(image.height / scale) - side + 1;
  const columns = Math.floor(image.width / scale) - side + 1;
  const [top, left] = [random.below(rows), random.below(columns)];
  const region = { top, left, height: side, width: side };
  const place = { top: top * scale, left: left * scale, height: patch, width: patch };
  const low = toFloatImage(downscaleBicubic(image, { factor: scale }, region), patches);
  const high = toFloatImage(cutRegion(image, place), patches);
  if (!augment) return { low, high };
  const drawn = (): boolean => random.below(2) === 1;
  const turn: Turn = { mirror: drawn(), upsideDown: drawn(), transpose: drawn() };
  return { low: turnImage(low, turn), high: turnImage(high, turn) };
}
