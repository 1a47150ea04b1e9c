export { Diverged } from "./diverged.ts";
export { initializeSteps } from "./initialize-steps.ts";
export type { EpochReport, Progress } from "./progress.ts";
export type { Recipe } from "./recipe.ts";
export { runGradients, type Gradients } from "./run-gradients.ts";
export { train } from "./train.ts";
export type { CheckpointPlace, TrainingResult, TrainingRun } from "./training-run.ts";
export { hashProgram } from "./training-session.ts";
