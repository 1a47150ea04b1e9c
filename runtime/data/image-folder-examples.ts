import type { Random } from "../random.ts";
import { toFloat } from "./augmentation.ts";
import type { ExampleBatch, Examples, PassOptions } from "./examples.ts";
import type { DecodeRequest, ImageDecoder, Size } from "./image-decoder.ts";
import type { ImageFolder } from "./image-folder.ts";
import {
  checkNormalization,
  imagenetNormalization,
  normalizeImages,
  type Normalization,
} from "./normalization.ts";
import { planPass, type PlannedBatch } from "./plan-pass.ts";
import { readAhead } from "./read-ahead.ts";

export interface ImageFolderOptions {
  readonly part: "training" | "test";
  /** Of the model's input. */
  readonly size: Size;
  /** Random crops, mirrored in half of the cases; the training part's own way unless told. Otherwise the middle of each image. */
  readonly augment?: boolean;
  /** ImageNet's unless told. */
  readonly normalize?: Normalization;
}

interface Task {
  readonly label: number;
  readonly request: DecodeRequest;
}

/**
 * Examples of a folder of images. They are decoded as they are needed, by the decoder's threads, up to two batches ahead; nothing
 * else of them is held. A crop depends on the seed, the batch's number and the place in the batch alone.
 *
 * @throws RangeError for a normalization that does not fit; a pass throws the decoder's FileProblem when the turn of a broken image comes
 */
export function imageFolderExamples(
  { folder, classes, ...parts }: ImageFolder,
  decoder: ImageDecoder,
  { part, size: sides, augment = part === "training", ...options }: ImageFolderOptions,
): Examples {
  const { normalize = imagenetNormalization } = options;
  checkNormalization(normalize, 3);
  const images = parts[part];
  const plan = (batch: PlannedBatch, random: Random): Task[] =>
    Array.from(batch.indices, (index, place) => {
      const { file, label } = images.at(index);
      const { state } = random.fork(`batch ${batch.number}`).fork(`example ${place}`);
      const view = augment
        ? ({ kind: "random-crop", size: sides, random: state } as const)
        : ({ kind: "centre-crop", size: sides } as const);
      return { label, request: { file, view } };
    });
  const pass = (options: PassOptions): AsyncGenerator<ExampleBatch, void, undefined> =>
    decodePass(planPass(images.size, options), options, { decoder, plan, sides, normalize });
  return {
    name: `${folder}, ${part} part`,
    source: `images in ${folder}`,
    size: images.size,
    inputShape: [...sides, 3],
    target: { kind: "labels", classes },
    pass,
  };
}

interface Decoding {
  readonly decoder: ImageDecoder;
  readonly plan: (batch: PlannedBatch, random: Random) => readonly Task[];
  readonly sides: Size;
  readonly normalize: Normalization;
}

async function* decodePass(
  batches: readonly PlannedBatch[],
  { batch, random }: PassOptions,
  { decoder, plan, sides: [height, width], normalize }: Decoding,
): AsyncGenerator<ExampleBatch, void, undefined> {
  const stride = height * width * 3;
  const inputs = new Float32Array((batches[0]?.indices.length ?? 0) * stride);
  const targets = new Int32Array(batches[0]?.indices.length ?? 0);
  const ahead = readAhead(tasksOf(batches, random, plan), 2 * batch, async (task) => ({
    label: task.label,
    image: await decoder.decode(task.request),
  }));
  for (const { number, indices } of batches) {
    const count = indices.length;
    for (let place = 0; place < count; place++) {
      const { value } = await ahead.next();
      if (!value) throw new Error("repqc bug: fewer images were decoded than planned");
      toFloat(value.image.pixels, inputs.subarray(place * stride, (place + 1) * stride));
      targets[place] = value.label;
    }
    const images = inputs.subarray(0, count * stride);
    normalizeImages(images, normalize);
    const labels = { targets: targets.subarray(0, count), targetShape: [] };
    yield { number, count, inputs: images, inputShape: [height, width, 3], ...labels };
  }
}

function* tasksOf(
  batches: readonly PlannedBatch[],
  random: Random,
  plan: Decoding["plan"],
): Generator<Task, void, undefined> {
  for (const batch of batches) yield* plan(batch, random);
}
