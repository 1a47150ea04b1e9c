import { rarity } from "../../runtime/verify/index.ts";
import { grouped } from "../table.ts";
import { whyNotExecuted, type Verified } from "./verified.ts";

/** How to read the table: only what it has. */
export function legend(verified: Verified): string {
  const { verification, file } = verified;
  const { rows } = verification;
  const isExecuted = whyNotExecuted(verified) === undefined;
  const against = new Set(rows.map((row) => row.against));
  const kinds = new Set(rows.map(({ found }) => found.kind));
  const parts = [
    ...(against.has("training graph")
      ? ["training graph: the branches as they were trained, in mode eval (running statistics)."]
      : []),
    ...(file && isExecuted
      ? [`${file.engine} executes ${file.name}, the other engines the model itself.`]
      : []),
    ...(kinds.has("bits") ? [bitsLegend] : []),
    ...(kinds.has("tolerance") ? [toleranceLegend] : []),
  ];
  return parts.join("\n");
}

const bitsLegend = `same bits: no output differs. A difference is explained where engines may rightly differ, shown for that very output: a number that
it depends on lies on a tie, halfway between two levels, or is a sum with terms beyond 2^24, which float32 rounds on the way; and
either a rule for halves (even, up, down, away from or towards zero) gives just this engine's outputs for the example, or the output
is within what the doubt can cause and one step away at most. Explained ones stay below one in ${grouped(rarity)}. A step is the most by
which one level of one number in the last quantizer can move an output.`;

const toleranceLegend = `within: engines add floats in orders of their own. Differences are relative to the terms of the output: the last sum before it over
magnitudes, |x|·|kernel| + |bias|. Allowed is 2^-24 of them for each rounding on the longest way through both graphs.`;
