import { mergeWeights } from "../../runtime/weights.ts";
import { captureQuantizers } from "./capture-quantizers.ts";
import { layersOf, type Layer } from "./layers.ts";
import type { RunFolder } from "./read-run-folder.ts";
import type { Sample } from "../train/sample-inputs.ts";

/** A run with what its weights and quantizers look like: all that a report shows. */
export interface RunAnalysis extends RunFolder {
  /** In the order of the network. */
  readonly layers: readonly Layer[];
  /** What activations were looked at on. */
  readonly sample: string | undefined;
}

/** Looks at a run's weights, on the open backend. */
export async function analyseRun(run: RunFolder, sample: Sample | undefined): Promise<RunAnalysis> {
  const { program, weights, model } = run;
  const deployed = await mergeWeights(program, weights);
  const quantizers = await captureQuantizers(program, weights, sample?.input);
  const sources = { program, weights, deployed, quantizers, ...(model && { model }) };
  return { ...run, layers: layersOf(sources), sample: sample?.source };
}
