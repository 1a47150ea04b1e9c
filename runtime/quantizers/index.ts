import { lsqPlusOffsetQuantizer, lsqPlusQuantizer } from "./lsq-plus-quantizer.ts";
import { lsqQuantizer } from "./lsq-quantizer.ts";
import { minmaxQuantizer } from "./minmax-quantizer.ts";
import type { Quantizer } from "./quantizer.ts";

export type { Quantizer } from "./quantizer.ts";

/** Every quantizer; a new one is a file and an entry here. */
export const quantizers: readonly Quantizer[] = [
  lsqQuantizer,
  lsqPlusQuantizer,
  lsqPlusOffsetQuantizer,
  minmaxQuantizer,
];

/** The quantizer that an instruction's attribute `quantizer` names. */
export function findQuantizer(name: string): Quantizer {
  const found = quantizers.find((one) => one.name === name);
  if (!found) throw new Error(`repqc bug: unknown quantizer ${name}`);
  return found;
}
