import type { Program } from "../../compiler/ir/index.ts";
import {
  calibrationBatches,
  type ExampleBatch,
  type ImageDecoder,
} from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import { openNamedData } from "../train/open-data.ts";
import { examplesFor } from "../train/run-examples.ts";

/** What ranges are to be measured with. */
export interface CalibrationChoice {
  /** A folder of images, as for training. */
  readonly equalize: string;
  readonly peak?: number;
  readonly seed: number;
}

/**
 * Some of the images, as a training would see them.
 * @throws UserMistake where there are none, or the model does not take them; FileProblem
 */
export async function openCalibration(
  program: Program,
  { equalize: data, peak, seed }: CalibrationChoice,
  folder: string,
  decoder: ImageDecoder,
): Promise<AsyncIterable<ExampleBatch>> {
  const open = await openNamedData(folder, { data, ...(peak !== undefined && { peak }) });
  const { training } = examplesFor(program, open, decoder);
  return calibrationBatches(training, Random.fromSeed(seed).fork("calibration"));
}
