import type { Examples, PassOptions } from "../../runtime/data/index.ts";

export interface CopiedBatch {
  readonly number: number;
  readonly count: number;
  readonly inputs: readonly number[];
  readonly inputShape: readonly number[];
  readonly targets: readonly number[];
  readonly targetShape: readonly number[];
}

/** Every batch of a pass, copied before the next one overwrites it. */
export async function copyPass(
  examples: Examples,
  options: PassOptions,
): Promise<readonly CopiedBatch[]> {
  const all: CopiedBatch[] = [];
  for await (const { inputs, targets, ...rest } of examples.pass(options)) {
    all.push({ ...rest, inputs: [...inputs], targets: [...targets] });
  }
  return all;
}
