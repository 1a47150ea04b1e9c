import type { Program } from "../../compiler/ir/program.ts";
import type { DeployedWeights } from "../integer/index.ts";

/** A format that a deploy graph can be written in. */
export interface Exporter {
  /** As `--to` takes it. */
  readonly name: string;
  /** One line for the help. */
  readonly description: string;
  /** What it makes: one file of this extension, or a folder of files. */
  readonly makes: `.${string}` | "folder";
  /**
   * @throws WrongTensor when a weight is missing or has another shape
   * @throws InvalidStep when a quantizer's step is not positive
   */
  write(program: Program, weights: DeployedWeights, options: ExportOptions): ExportedModel;
}

export interface ExportOptions {
  /** Program and version that write the model, as `repqc 0.1.0`. */
  readonly generator: string;
  /** Further metadata of the model, as the spec's hash. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ExportedModel {
  /** By name within the folder; a format of one file has one entry, whose name is not used. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly weightBytes: {
    /** Of the deployed weights (without steps) as float32. */
    readonly float: number;
    /** Of everything that the files keep as constants. */
    readonly stored: number;
  };
}
