import type { HostTensor } from "../safetensors.ts";
import type { Verdict } from "./verdict.ts";

/** Examples that are compared at a time. */
export interface Chunk {
  readonly input: HostTensor;
  /** Number of its first example in the whole input. */
  readonly first: number;
}

/** Compares one engine's outputs with the reference's, chunk by chunk. */
export interface Judge {
  /** @param expected outputs of the reference, of the shape of `found` */
  compare(chunk: Chunk, expected: HostTensor, found: HostTensor): Promise<void>;
  verdict(): Verdict;
}
