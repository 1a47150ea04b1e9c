import { namesFor } from "../../cli/import/names-files.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { calibrationBatches } from "../../runtime/data/index.ts";
import { importWeights, readCheckpoint } from "../../runtime/import/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { type Cell } from "./cell.ts";
import { compileCell, type CompiledCell } from "./compile-cell.ts";
import type { Trained } from "./classify.ts";
import { checkpointFile, type EnlargingData } from "./photographs.ts";
import { measurePsnr } from "./set5.ts";
import type { Settings } from "./settings.ts";
import { trainCell, type TrainingPlace } from "./train-cell.ts";

export interface EnlargerCell {
  readonly cell: Cell;
  readonly key: string;
  readonly compiled: CompiledCell;
  readonly settings: Settings;
  readonly data: EnlargingData;
}

/** Imports the published network, as it is, unmerged, or equalized as well; trains it where the cell says so; tests it on Set5. */
export async function enlarge(one: EnlargerCell, place: TrainingPlace): Promise<Trained> {
  const { cell, compiled, data } = one;
  const { program } = compiled;
  if (cell.method === "imported") {
    const weights = await importPublished(one, { ...cell, method: "merged", bits: 8 }, false);
    return { score: await measurePsnr(program.deploy, weights, data.test), weights };
  }
  const start = await importPublished(one, cell, cell.method !== "unmerged");
  if (cell.method === "unmerged" || cell.method === "equalized") {
    return { score: await measurePsnr(program.train, start, data.test), weights: start };
  }
  const { key } = one;
  const training = { cell, key, ...compiled, examples: data.training, start };
  const weights = await trainCell(training, place);
  return { score: await measurePsnr(program.train, weights, data.test), weights };
}

/**
 * As `repqc import --unmerge` does it, with `--equalize` for all that is quantized; where only the merge is trained, the weights
 * stay merged.
 */
async function importPublished(
  { settings, data }: EnlargerCell,
  cell: Cell,
  isEqualized: boolean,
): Promise<HostWeights> {
  const { program, model } = compileCell(cell, settings);
  const random = Random.fromSeed(cell.seed).fork("calibration");
  const { weights } = await importWeights({
    checkpoint: await readCheckpoint(data.checkpoint, checkpointFile),
    file: checkpointFile,
    tables: namesFor(packageRoot, "repq:models/ecbsr", undefined),
    program,
    model,
    unmerge: { seed: cell.seed },
    ...(isEqualized && { equalize: calibrationBatches(data.training, random) }),
  });
  return weights;
}
