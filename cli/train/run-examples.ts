import type { Program } from "../../compiler/ir/index.ts";
import {
  classificationExamples,
  firstImages,
  imageFolderExamples,
  imagePairs,
  photographPairs,
  photographPatches,
  type Dataset,
  type Examples,
  type ImageData,
  type ImageDecoder,
  type ImageFolder,
} from "../../runtime/data/index.ts";
import type { Recipe } from "../../runtime/train/index.ts";
import { shapeText } from "../runtime-mistake.ts";
import { dataMisfit } from "./data-misfit.ts";
import type { DataChoice, OpenData } from "./open-data.ts";

export interface RunExamples {
  readonly training: Examples;
  readonly test?: Examples;
}

type Of<Kind> = Extract<ImageData, { readonly kind: Kind }>;

/**
 * Examples for a model: classification where it puts out a number for each class, super-resolution where it puts out a larger image.
 * @throws UserMistake where the model and the data do not go together
 */
export function examplesFor(program: Program, data: OpenData, decoder: ImageDecoder): RunExamples {
  const { training, choice } = data;
  switch (training.kind) {
    case "labelled":
      return labelledExamples(program, training, choice);
    case "image-folder":
      return folderExamples(program, training, choice, decoder);
    case "photographs":
      return photographExamples(program, training, data, decoder);
    case "pairs": {
      const hint = "give photographs with `--data`, and the pairs with `--test-data`";
      throw dataMisfit(choice.data, "a training", "pairs of images are for tests", hint);
    }
  }
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

/** CIFAR-10's images are flipped and moved by up to 4 pixels, as is usual; others stay as they are. */
function labelledExamples(
  program: Program,
  { parts, normalize }: Of<"labelled">,
  choice: DataChoice,
): RunExamples {
  const { shape, classes } = parts.training;
  requireClassifier(program, choice, classes.length);
  requireInput(program, shape, choice);
  const augment = normalize ? { augment: { flip: true, shift: 4 } } : {};
  const usual = normalize ? { normalize } : {};
  return {
    training: classificationExamples(firstOf(parts.training, choice.images), {
      ...augment,
      ...usual,
    }),
    test: classificationExamples(firstOf(parts.test, choice.testImages), usual),
  };
}

function firstOf(dataset: Dataset, count: number | undefined): Dataset {
  return count === undefined ? dataset : firstImages(dataset, count);
}

function folderExamples(
  program: Program,
  { images }: Of<"image-folder">,
  { data, images: count, testImages, ...choice }: DataChoice,
  decoder: ImageDecoder,
): RunExamples {
  requireClassifier(program, { data, ...choice }, images.classes.length);
  const [height = 0, width = 0] = program.input.shape;
  requireInput(program, [height, width, 3], { data, ...choice });
  const folder = {
    ...images,
    training: spread(images.training, count),
    test: spread(images.test, testImages),
  };
  const part = (name: "training" | "test"): Examples => ({
    ...imageFolderExamples(folder, decoder, { part: name, size: [height, width] }),
    // Not the path: data may lie elsewhere when the run goes on.
    name: `images in ${images.classes.length} folders, ${name} part`,
  });
  return { training: part("training"), test: part("test") };
}

/** So many images from everywhere in the list: neighbours are of one class. */
function spread(list: ImageFolder["training"], count = list.size): ImageFolder["training"] {
  const size = Math.min(count, list.size);
  return { size, at: (index) => list.at(Math.floor((index * list.size) / size)) };
}

function photographExamples(
  program: Program,
  { files }: Of<"photographs">,
  { choice, test }: OpenData,
  decoder: ImageDecoder,
): RunExamples {
  const scale = scaleOf(program, choice);
  const colours = program.input.shape[2] === 1 ? "luma" : "rgb";
  const { peak = 255 } = choice;
  const sight = { scale, colours, peak } as const;
  const patch = scale * (program.input.shape[0] ?? 0);
  const training = photographPatches(files.slice(0, choice.images), decoder, { ...sight, patch });
  if (!test) return { training };
  const limit = choice.testImages;
  if (test.kind === "photographs") {
    return { training, test: photographPairs(test.files.slice(0, limit), decoder, sight) };
  }
  if (test.kind === "pairs") {
    const pairs = { ...test.files, pairs: test.files.pairs.slice(0, limit) };
    return {
      training,
      test: { ...imagePairs(pairs, decoder, sight), name: "pairs of images" },
    };
  }
  const hint = "give a folder of photographs, or of pairs `NAME_HR.png` and `NAME_LR.png`";
  throw dataMisfit(choice.testData ?? "", "super-resolution", "it holds labelled images", hint);
}

/** How many times larger a model makes luma, or colours. @throws UserMistake */
function scaleOf({ entry, input, output }: Program, { data }: DataChoice): number {
  const [height = 0, width = 0, channels] = input.shape;
  const [outHeight = 0, outWidth = 0, outChannels] = output.shape;
  const scale = outHeight / height;
  const isSquare = height === width && outWidth === outHeight;
  const isSeen = channels === outChannels && (channels === 1 || channels === 3);
  if (isSeen && isSquare && Number.isInteger(scale) && scale >= 2) return scale;
  const shapes = `it makes ${shapeText(output.shape)} of ${shapeText(input.shape)}`;
  const problem = `photographs train models that enlarge a square of luma or colours by a whole factor, and ${shapes}`;
  const hint = "give a model such as those in `repq:models/ecbsr`, or data with labels";
  throw dataMisfit(data, `\`${entry}\``, problem, hint);
}

/** @throws UserMistake */
function requireClassifier(
  { entry, output }: Program,
  { data }: Pick<DataChoice, "data">,
  classes: number,
): void {
  const model = `\`${entry}\``;
  const [found] = output.shape;
  if (output.shape.length !== 1) {
    const problem = `its images have labels, and the model puts out a map of ${shapeText(output.shape)}`;
    const hint = "end the model with `global_avg -> dense(classes)`";
    throw dataMisfit(data, model, problem, hint);
  }
  if (found === classes) return;
  const hint = `give the model ${classes} classes, as in \`dense(${classes})\``;
  throw dataMisfit(data, model, `it has ${classes} classes, and the model has ${found}`, hint);
}

/** @throws UserMistake */
function requireInput(
  { entry, input }: Program,
  shape: readonly number[],
  { data }: Pick<DataChoice, "data">,
): void {
  if (shape.every((side, axis) => side === input.shape[axis])) return;
  const problem = `its images are ${shapeText(shape)}, and the model's input is ${shapeText(input.shape)}`;
  const hint = `declare \`image[${shape.join(", ")}]\`, or use other data`;
  throw dataMisfit(data, `\`${entry}\``, problem, hint);
}
