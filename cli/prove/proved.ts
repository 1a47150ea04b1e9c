import type { MergeError, ModelProof } from "../../compiler/prove/index.ts";

/** What a proof prints. */
export interface Proved {
  /** What was proved, as the user named it. */
  readonly entry: string;
  readonly result: ModelProof;
  /** With weights: how far the float32 merge of each island is from the exact one, by path. */
  readonly errors?: ReadonlyMap<string, MergeError>;
}
