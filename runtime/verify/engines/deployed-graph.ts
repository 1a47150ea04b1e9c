import type { Engine } from "../engine.ts";
import { runModel } from "./run-graph.ts";

/** The merged convolutions on the open backend. */
export const deployedGraph: Engine = {
  name: "merged graph",
  missing: async () => undefined,
  run: ({ program, deployed }, input, { onProgress } = {}) =>
    runModel(program.deploy, deployed, input, onProgress),
};
