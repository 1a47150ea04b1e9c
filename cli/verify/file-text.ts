import type { ModelChanges } from "../../runtime/verify/index.ts";
import { isChanged, whyNotExecuted, type Verified, type VerifiedFile } from "./verified.ts";

/** What was found of a file that was given: of its contents, and of what it computes, where it was executed. */
export function fileText(file: VerifiedFile, verified: Verified): string {
  const { name, changes } = file;
  if (!changes) return `${name} was compared with itself alone: at each level of optimization`;
  const whyNot = whyNotExecuted(verified);
  const contents = contentsText(file, changes, verified);
  return whyNot === undefined ? contents : `${contents}; it was NOT executed: ${whyNot}`;
}

function contentsText(file: VerifiedFile, changes: ModelChanges, verified: Verified): string {
  const { name, mergedElsewhere } = file;
  if (!isChanged(file)) {
    const same = "the same graph and constants";
    return isFileVerified(verified)
      ? `${name} computes what a fresh export does: ${same}`
      : `${name} has ${same} as a fresh export`;
  }
  const text = changesText(changes);
  return mergedElsewhere === undefined
    ? `${name} is NOT what the model is exported to: it has ${text}`
    : `${name} was merged on ${mergedElsewhere}, which is not here; beside a fresh export, merged here, it has ${text}`;
}

function changesText({ constants, isGraphChanged }: ModelChanges): string {
  const shown = constants.slice(0, 5).join(", ");
  const more = constants.length > 5 ? ` and ${constants.length - 5} more` : "";
  return [
    ...(isGraphChanged ? ["another graph"] : []),
    ...(constants.length > 0 ? [`other numbers in ${shown}${more}`] : []),
  ].join(", and ");
}

/** Whether the engines that executed it found nothing. */
function isFileVerified({ verification }: Verified): boolean {
  const own = verification.rows.filter(({ file }) => file !== undefined);
  const isJudged = own.filter(({ found }) => found.kind !== "missing");
  return (
    isJudged.length > 0 && isJudged.every(({ found }) => "isVerified" in found && found.isVerified)
  );
}
