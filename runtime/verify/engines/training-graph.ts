import type { Engine } from "../engine.ts";
import { runModel } from "./run-graph.ts";

/** What was trained, in mode `eval`: running statistics, and integer levels where it is quantized. */
export const trainingGraph: Engine = {
  name: "training graph",
  missing: async ({ trained }) =>
    trained ? undefined : "the weights from before the merge are not there",
  run: ({ program, trained }, input, { onProgress } = {}) => {
    if (!trained) throw new Error("repqc bug: the training graph is run without its weights");
    return runModel(program.train, trained, input, onProgress);
  },
};
