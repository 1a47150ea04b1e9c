import { isChanged, isVerified, whyNotExecuted, type Verified } from "./verified.ts";

/** The last line: `verified`, or why not. */
export function conclusion(verified: Verified): string {
  if (!isVerified(verified)) return `NOT VERIFIED: ${reasonOf(verified)}`;
  const isExplained = verified.verification.rows.some(
    ({ found }) => "differing" in found && found.kind === "bits" && found.differing > 0,
  );
  return isExplained ? "verified: every difference is explained" : "verified";
}

function reasonOf(verified: Verified): string {
  const { verification, file } = verified;
  const found = verification.rows.map((row) => row.found);
  if (found.some(({ kind }) => kind === "failed")) return "an engine failed";
  const { mergedElsewhere, changes } = file ?? {};
  if (mergedElsewhere !== undefined && isChanged(file) && !changes?.isGraphChanged) {
    return `only ${mergedElsewhere}, where the file was merged, has its last bits`;
  }
  if (found.some((one) => "isVerified" in one && !one.isVerified)) {
    return "differences are not explained";
  }
  if (whyNotExecuted(verified) !== undefined) return `no engine executed ${file?.name}`;
  return isChanged(file) ? "the file was changed" : "nothing was compared";
}
