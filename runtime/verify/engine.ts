import type { Program } from "../../compiler/ir/program.ts";
import type { DeployedWeights } from "../integer/index.ts";
import type { HostTensor } from "../safetensors.ts";
import type { HostWeights } from "../weights.ts";

/** A model with everything that any engine needs of it. */
export interface Deployment {
  readonly program: Program;
  /** What training left, by weight path; absent for a file that holds the deployed form alone. */
  readonly trained?: HostWeights;
  readonly deployed: DeployedWeights;
}

/** One way to compute a model's outputs. */
export interface Engine {
  /** As the table of verdicts names it, such as `onnxruntime, all`. */
  readonly name: string;
  /** Why it cannot run here or for this model, one sentence without its full stop; undefined where it can. */
  missing(deployment: Deployment): Promise<string | undefined>;
  /**
   * @param input NHWC or [batch, channels]
   * @returns the outputs, NHWC or [batch, channels]
   */
  run(
    deployment: Deployment,
    input: HostTensor,
    options?: { readonly onProgress?: (done: number, total: number) => void },
  ): Promise<HostTensor>;
}
