import { exportTfjs, runTfjs, TfjsRunFailed } from "../../export/index.ts";
import { EngineFailed, type Deployment, type Engine } from "../engine.ts";
import { batchFor } from "./run-graph.ts";

/** The exported GraphModel, loaded by TensorFlow.js on the open backend. */
export const tfjsGraphModel: Engine = {
  name: "tfjs GraphModel",
  executes: "tfjs",
  missing: async () => undefined,
  run: async (deployment, input, { onProgress } = {}) => {
    const options = { batch: batchFor(input), ...(onProgress && { onProgress }) };
    try {
      return await runTfjs(filesOf(deployment), input, options);
    } catch (error) {
      if (error instanceof TfjsRunFailed) throw new EngineFailed(error.message);
      throw error;
    }
  },
};

type Files = ReadonlyMap<string, Uint8Array>;

const exported = new WeakMap<Deployment, Files>();

/** The model that is there, or a fresh one, made once. */
function filesOf(deployment: Deployment): Files {
  const known = deployment.tfjs ?? exported.get(deployment);
  if (known) return known;
  const { files } = exportTfjs(deployment.program, deployment.deployed, { generator: "repqc" });
  exported.set(deployment, files);
  return files;
}
