import { batch } from "./batch.ts";
import { estimated } from "./estimated.ts";
import { frozen } from "./frozen.ts";
import { running } from "./running.ts";
import { sampled } from "./sampled.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export type { StatisticsMode } from "./statistics-mode.ts";

/** Every statistics mode; a new one is a file and an entry here. */
export const statisticsModes: readonly StatisticsMode[] = [
  batch,
  sampled,
  estimated,
  running,
  frozen,
];

/** The mode that an instruction's attribute `mode` names. */
export function findStatistics(name: string): StatisticsMode {
  const found = statisticsModes.find((mode) => mode.name === name);
  if (!found) throw new Error(`repqc bug: unknown statistics mode ${name}`);
  return found;
}
