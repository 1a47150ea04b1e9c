import type { Program } from "../../compiler/ir/index.ts";
import {
  classificationExamples,
  firstImages,
  imageFolderExamples,
  imagePairs,
  photographPairs,
  type Dataset,
  type Examples,
  type ImageData,
  type ImageDecoder,
  type ImageFolder,
} from "../../runtime/data/index.ts";
import { requireClassifier, requireInput, scaleOf } from "./fit-model.ts";

/** What to test on. */
export interface TestChoice {
  /** The folder of the data, for messages. */
  readonly place: string;
  /** The first so many images; all unless told. */
  readonly count?: number | undefined;
  /** Largest number in images for super-resolution; 255 unless told. */
  readonly peak?: number | undefined;
}

/**
 * The examples by which a model is judged: the test part of images with labels, whole photographs or pairs otherwise.
 * @throws UserMistake where the model and the data do not go together
 */
export function testExamplesFor(
  program: Program,
  data: ImageData,
  { place, count, peak = 255 }: TestChoice,
  decoder: ImageDecoder,
): Examples {
  switch (data.kind) {
    case "labelled": {
      const { parts, normalize } = data;
      requireClassifier(program, place, parts.test);
      requireInput(program, place, parts.test.shape);
      return classificationExamples(firstOf(parts.test, count), normalize ? { normalize } : {});
    }
    case "image-folder":
      return folderExamples(program, data.images, { place, part: "test", count }, decoder);
    case "photographs": {
      const sight = sightOf(program, place, peak);
      return photographPairs(data.files.slice(0, count), decoder, sight);
    }
    case "pairs": {
      const sight = sightOf(program, place, peak);
      const pairs = { ...data.files, pairs: data.files.pairs.slice(0, count) };
      return { ...imagePairs(pairs, decoder, sight), name: "pairs of images" };
    }
  }
}

export function firstOf(dataset: Dataset, count: number | undefined): Dataset {
  return count === undefined ? dataset : firstImages(dataset, count);
}

/** How a model for images sees them. @throws UserMistake */
export function sightOf(program: Program, place: string, peak: number) {
  const colours = program.input.shape[2] === 1 ? "luma" : "rgb";
  return { scale: scaleOf(program, place), colours, peak } as const;
}

interface FolderPart {
  readonly place: string;
  readonly part: "training" | "test";
  readonly count: number | undefined;
}

/** One part of an image folder, cut to what the model takes. @throws UserMistake */
export function folderExamples(
  program: Program,
  images: ImageFolder,
  { place, part, count }: FolderPart,
  decoder: ImageDecoder,
): Examples {
  requireClassifier(program, place, images);
  const [height = 0, width = 0] = program.input.shape;
  requireInput(program, place, [height, width, 3]);
  const folder = { ...images, [part]: spread(images[part], count) };
  return {
    ...imageFolderExamples(folder, decoder, { part, size: [height, width] }),
    // Not the path: data may lie elsewhere when the run goes on.
    name: `images in ${images.classes.length} folders, ${part} part`,
  };
}

/** So many images from everywhere in the list: neighbours are of one class. */
function spread(list: ImageFolder["training"], count = list.size): ImageFolder["training"] {
  const size = Math.min(count, list.size);
  return { size, at: (index) => list.at(Math.floor((index * list.size) / size)) };
}
