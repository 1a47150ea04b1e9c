import {
  countPassedOver,
  readImageData,
  type DataHost,
  type ImageData,
} from "../../runtime/data/index.ts";
import { dataHost } from "../data-host.ts";
import { filesIn } from "../files.ts";

/** Where a run's data lies, and how much of it is wanted. */
export interface DataChoice {
  readonly data: string;
  readonly testData?: string;
  /** The first so many images of the training part, or photographs. */
  readonly images?: number;
  readonly testImages?: number;
  /** Largest number in images for super-resolution; 255 unless told. */
  readonly peak?: number;
}

export interface OpenData {
  /** Folders with images of kinds that are not read, and how many: `2 images in photos`. */
  readonly passedOver?: readonly string[];
  readonly choice: DataChoice;
  readonly training: ImageData;
  readonly test?: ImageData;
}

/** Sides of images where neither the spec nor the data says them: ImageNet's. */
const usualSide = 224;
/** Side of patches of small photographs where the spec does not say it, as in ECBSR's code. */
const usualPatch = 64;

/** @throws FileProblem */
export async function openData(host: DataHost, choice: DataChoice): Promise<OpenData> {
  const passedOver: string[] = [];
  const open = async (folder: string): Promise<ImageData> => {
    const found = await readImageData(host, folder);
    const count = await countPassedOver(host, folder, found);
    if (count > 0) passedOver.push(`${count} ${count === 1 ? "image" : "images"} in ${folder}`);
    return found;
  };
  const training = await open(choice.data);
  if (choice.testData === undefined) return { choice, training, passedOver };
  return { choice, training, test: await open(choice.testData), passedOver };
}

/** The data that a command names. @throws UserMistake where there is no such folder; FileProblem */
export function openNamedData(folder: string, choice: DataChoice): Promise<OpenData> {
  const files = filesIn(folder);
  files.ensureThere(choice.data);
  if (choice.testData !== undefined) files.ensureThere(choice.testData);
  return openData(dataHost(folder), choice);
}

/** [height, width, channels] of the inputs that a model gets which leaves them open. */
export function inputShapeOf({ training }: OpenData): readonly number[] {
  if (training.kind === "labelled") return training.parts.training.shape;
  if (training.kind === "image-folder") return [usualSide, usualSide, 3];
  return [usualPatch, usualPatch, 1];
}
