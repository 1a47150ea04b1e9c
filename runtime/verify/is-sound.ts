import type { GivenFile } from "./engine.ts";
import type { VerificationRow } from "./verification.ts";

/**
 * Whether engines were compared, and none gave reason for doubt. One that could not run here says nothing, unless it was the only one
 * or the only one for a file.
 *
 * @param given what had to be executed in place of fresh exports
 */
export function isSound(
  examples: number,
  rows: readonly VerificationRow[],
  given: readonly GivenFile[] = [],
): boolean {
  const judged = rows.filter(({ found }) => found.kind !== "missing");
  const isGood = ({ found }: VerificationRow) => "isVerified" in found && found.isVerified;
  const isExecuted = (wanted: GivenFile) => judged.some(({ file }) => file === wanted);
  return examples > 0 && judged.length > 0 && judged.every(isGood) && given.every(isExecuted);
}
