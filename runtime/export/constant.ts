import type { Levels, Range } from "../integer/index.ts";
import type { HostTensor } from "../safetensors.ts";

/** A deployed weight; whoever uses it writes it, in the layout needed there. */
export interface Constant {
  readonly kind: "constant";
  readonly path: string;
  readonly tensor: HostTensor;
}

/** A quantized kernel, HWIO. */
export interface LevelKernel {
  readonly kind: "kernel levels";
  readonly path: string;
  readonly levels: Levels;
  readonly range: Range;
}

export function constantOf(value: Constant | { readonly kind: string } | undefined): Constant {
  if (value?.kind === "constant") return value as Constant;
  throw new Error(`repqc bug: a ${value?.kind} where a weight is expected`);
}
