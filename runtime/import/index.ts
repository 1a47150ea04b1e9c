/** The door to other people's checkpoints: reading them, naming what is in them, and making weights of a program of it. */
export type { Checkpoint, CheckpointTensor } from "./checkpoint.ts";
export { importWeights, type Imported, type ImportRequest } from "./import-weights.ts";
export { readNames, type FindTable, type NamesTable, type NamesText } from "./names-table.ts";
export { readCheckpoint } from "./read-checkpoint.ts";
export {
  CannotEqualize,
  CannotUnmerge,
  MergedCheckpoint,
  UnfitCheckpoint,
  type ImportProblem,
} from "./unfit-checkpoint.ts";
