import type { Program } from "../../compiler/ir/index.ts";
import {
  classificationExamples,
  photographPatches,
  type Examples,
  type ImageData,
  type ImageDecoder,
} from "../../runtime/data/index.ts";
import type { Recipe } from "../../runtime/train/index.ts";
import { dataMisfit } from "./data-misfit.ts";
import { requireClassifier, requireInput } from "./fit-model.ts";
import type { OpenData } from "./open-data.ts";
import { requireSameKind } from "./same-kind.ts";
import { firstOf, folderExamples, sightOf, testExamplesFor } from "./test-examples.ts";

export interface RunExamples {
  readonly training: Examples;
  readonly test?: Examples;
}

/**
 * Examples for a model: classification where it puts out a number for each class, super-resolution where it puts out a larger image.
 * @throws UserMistake where the model and the data do not go together, or the data to train and to test on
 */
export function examplesFor(program: Program, data: OpenData, decoder: ImageDecoder): RunExamples {
  const training = trainingExamples(program, data, decoder);
  const { test: others, choice } = data;
  const { testImages: count, peak } = choice;
  if (others) {
    requireSameKind(data.training, others, choice);
    const place = choice.testData ?? choice.data;
    const test = testExamplesFor(program, others, { place, count, peak }, decoder);
    return { training, test };
  }
  // Photographs have no test part.
  if (data.training.kind === "photographs") return { training };
  const own = { place: choice.data, count, peak };
  return { training, test: testExamplesFor(program, data.training, own, decoder) };
}

/** @throws UserMistake where a recipe's loss is not for these targets */
export function requireLoss({ loss }: Recipe, { target }: Examples, data: string): void {
  const fitting = target.kind === "labels" ? "softmax_cross_entropy" : "mean_absolute_error";
  if (loss.name === fitting) return;
  const wanted = target.kind === "labels" ? "cross_entropy" : "mean_absolute_error";
  const targets = target.kind === "labels" ? "labels" : "images";
  const hint = `choose a recipe that says \`loss: ${wanted}\``;
  throw dataMisfit(data, "the recipe", `its loss is not one for ${targets}`, hint);
}

function trainingExamples(
  program: Program,
  { training, choice }: OpenData,
  decoder: ImageDecoder,
): Examples {
  const { data: place, images: count, peak = 255 } = choice;
  switch (training.kind) {
    case "labelled":
      return labelledExamples(program, training, place, count);
    case "image-folder":
      return folderExamples(program, training.images, { place, part: "training", count }, decoder);
    case "photographs": {
      const sight = sightOf(program, place, peak);
      const patch = sight.scale * (program.input.shape[0] ?? 0);
      return photographPatches(training.files.slice(0, count), decoder, { ...sight, patch });
    }
    case "pairs": {
      const hint = "give photographs with `--data`, and the pairs with `--test-data`";
      throw dataMisfit(place, "a training", "pairs of images are for tests", hint);
    }
  }
}

/** CIFAR-10's images are flipped and moved by up to 4 pixels, as is usual; others stay as they are. */
function labelledExamples(
  program: Program,
  { parts, normalize }: Extract<ImageData, { readonly kind: "labelled" }>,
  place: string,
  count: number | undefined,
): Examples {
  const { shape } = parts.training;
  requireClassifier(program, place, parts.training);
  requireInput(program, place, shape);
  const dataset = firstOf(parts.training, count);
  if (!normalize) return classificationExamples(dataset);
  return classificationExamples(dataset, { augment: { flip: true, shift: 4 }, normalize });
}
