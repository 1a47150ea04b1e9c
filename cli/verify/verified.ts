import type { ModelChanges, Verification } from "../../runtime/verify/index.ts";

/** What a verification prints. */
export interface Verified {
  readonly model: VerifiedModel;
  /** An exported model, where one was given. */
  readonly file?: VerifiedFile;
  readonly inputs: VerifiedInputs;
  /** What computed the graphs of TensorFlow.js, for people. */
  readonly backend: string;
  readonly verification: Verification;
  /** What is missing, and what to keep in mind; sentences without full stop. */
  readonly notes: readonly string[];
}

export interface VerifiedModel {
  readonly entry: string;
  readonly source: string;
  readonly policy: string | undefined;
  /** Absent where a file alone is verified. */
  readonly weights?: { readonly file: string; readonly sha256: string };
}

export interface VerifiedFile {
  readonly name: string;
  /** Who executed it. */
  readonly engine: string;
  readonly sha256: string;
  /** Against a fresh export of the same model; absent where that is not known. */
  readonly changes?: ModelChanges;
  /** The backend that it was merged on, where that is not here: then last bits of its constants are others than those of a fresh export. */
  readonly mergedElsewhere?: string;
}

export interface VerifiedInputs {
  readonly name: string;
  /** How many there are in all. */
  readonly size: number | undefined;
  /** How many were asked for; fewer were compared where there are no more, or time was up. */
  readonly wanted: number;
  readonly isOutOfTime: boolean;
}

/** Whether engines agree, and the file was executed and is the model's. */
export function isVerified({ verification, file }: Verified): boolean {
  return verification.isVerified && !isChanged(file);
}

export function isChanged(file: VerifiedFile | undefined): boolean {
  const { changes } = file ?? {};
  return changes !== undefined && (changes.isGraphChanged || changes.constants.length > 0);
}

/** Why no engine has executed the file that was given; nothing where one has, or there is none. */
export function whyNotExecuted({ verification }: Verified): string | undefined {
  const reasons = verification.rows
    .filter(({ file }) => file !== undefined)
    .map(({ found }) => (found.kind === "missing" ? found.reason : undefined));
  return reasons.includes(undefined) ? undefined : reasons[0];
}
