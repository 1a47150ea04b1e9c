import { dataHost } from "../../cli/data-host.ts";
import { packageFolder } from "../../cli/package-folder.ts";
import {
  classificationExamples,
  firstImages,
  readFashionMnist,
  type DatasetParts,
} from "../../runtime/data/index.ts";
import { predict } from "../../runtime/predict.ts";
import { initialWeights, mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import { startOf, type Cell } from "./cell.ts";
import { compileCell, type CompiledCell } from "./compile-cell.ts";
import type { Settings } from "./settings.ts";
import { trainCell, type TrainingPlace } from "./train-cell.ts";

export interface Trained {
  readonly score: number;
  readonly weights: HostWeights;
}

/** @throws FileProblem */
export async function readClothes(settings: Settings): Promise<DatasetParts> {
  const folder = packageFolder("fashion-mnist");
  const { training, test } = await readFashionMnist(dataHost(folder), "");
  return {
    training: firstImages(training, settings.trainingImages),
    test: firstImages(test, settings.testImages),
  };
}

/**
 * Trains a classifier and tests it, mode `eval`, which gives the deployed convolutions' outputs, but for quantized branches, which have no
 * deployed form of so few bits and are tested as branches.
 * @param given the weights of the cell that this one starts from
 */
export async function classify(
  { cell, key, compiled, given, settings, clothes }: ClassifierCell,
  place: TrainingPlace,
): Promise<Trained> {
  const { program, recipe } = compiled;
  const start = given
    ? await startingWeights(cell, given, settings)
    : initialWeights(program, cell.seed);
  const examples = classificationExamples(clothes.training);
  const weights = await trainCell({ cell, key, program, recipe, examples, start }, place);
  const { accuracy } = await predict(program.train, weights, clothes.test);
  return { score: accuracy, weights };
}

export interface ClassifierCell {
  readonly cell: Cell;
  readonly key: string;
  readonly compiled: CompiledCell;
  readonly given: HostWeights | undefined;
  readonly settings: Settings;
  readonly clothes: DatasetParts;
}

/** Where only the merge is trained, the branches are merged first. */
async function startingWeights(
  cell: Cell,
  given: HostWeights,
  settings: Settings,
): Promise<HostWeights> {
  const start = startOf(cell);
  if (cell.method !== "merged" || !start) return given;
  return mergeWeights(compileCell(start, settings).program, given);
}
