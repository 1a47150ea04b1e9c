import type { EntryOptions } from "../entry-options.ts";
import { optionNeeds } from "../option-needs.ts";
import { flagOf } from "../train/train-options.ts";

const entryOptions = ["entry", "quant", "inputShape", "form", "root"] as const;

/**
 * A run was compiled when it began: what chooses and shapes an entry has no effect on it.
 * @param doing what the command does with a run, as `exported`
 * @throws UserMistake
 */
export function refuseEntryOptions(given: Partial<EntryOptions>, doing: string): void {
  const name = entryOptions.find((option) => given[option] !== undefined);
  if (name === undefined) return;
  const hint = `leave it out: a run is ${doing} as it was trained`;
  throw optionNeeds(`\`${flagOf(name)}\``, "a spec", hint);
}
