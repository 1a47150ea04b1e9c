import type { Program } from "../../compiler/ir/program.ts";
import type { DeployedWeights, IntegerReport } from "../integer/index.ts";
import type { HostTensor } from "../safetensors.ts";
import type { HostWeights } from "../weights.ts";

/** A model with everything that any engine needs of it. */
export interface Deployment {
  readonly program: Program;
  /** What training left, by weight path; absent for a file that holds the deployed form alone. */
  readonly trained?: HostWeights;
  readonly deployed: DeployedWeights;
  /** An ONNX file to execute in place of a fresh export. Where one is given, it has to be executed for the model to be verified. */
  readonly onnx?: Uint8Array;
  /** The same of TensorFlow.js: `model.json` and its files of weights. */
  readonly tfjs?: ReadonlyMap<string, Uint8Array>;
}

export interface EngineOptions {
  readonly onProgress?: (done: number, total: number) => void;
  /** What an engine that counts ties and large sums has to say. */
  readonly onReport?: (report: IntegerReport) => void;
}

/** What of a deployment may be given in place of a fresh export. */
export type GivenFile = "onnx" | "tfjs";

/** One way to compute a model's outputs. */
export interface Engine {
  /** As the table of verdicts names it, such as `onnxruntime, all`. */
  readonly name: string;
  /** What it executes in place of a fresh export, where that is given. */
  readonly executes?: GivenFile;
  /** Why it cannot run here or for this model, one sentence without its full stop; undefined where it can. */
  missing(deployment: Deployment): Promise<string | undefined>;
  /**
   * @param input NHWC or [batch, channels]
   * @returns the outputs, NHWC or [batch, channels]
   * @throws EngineFailed when the engine refuses the model or breaks off
   */
  run(deployment: Deployment, input: HostTensor, options?: EngineOptions): Promise<HostTensor>;
}

/** An engine did not come to a result; the message says why, a clause without full stop. */
export class EngineFailed extends Error {
  override readonly name = "EngineFailed";
}
