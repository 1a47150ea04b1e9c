import type { Call } from "../../grammar/index.ts";
import type { Affine } from "../ir/index.ts";
import type { Inherited } from "./arguments.ts";
import type { Environment } from "./context.ts";

/** What a chain inside a block needs to know of the block. */
export interface ChainContext {
  readonly environment: Environment;
  /** Channels that a convolution yields unless it says otherwise (rule S5). */
  readonly wanted: number;
  readonly inherited: Inherited;
  /** For messages: the branch, or `then`; in a flow there is neither. */
  readonly branch: string | undefined;
  /** A block standing in the chain (rule S8). */
  readonly nested: (context: ChainContext, call: Call, entering: number, path: string) => Affine;
}
