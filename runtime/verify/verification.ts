import type { IntegerReport } from "../integer/index.ts";
import type { GivenFile } from "./engine.ts";
import type { Verdict } from "./verdict.ts";

/** What a model's engines were found to compute; plain data. */
export interface Verification {
  /** Examples compared. */
  readonly examples: number;
  /** Output values of each engine. */
  readonly outputs: number;
  readonly rows: readonly VerificationRow[];
  /** What the integer executor counted; absent where it did not run. */
  readonly integers?: IntegerReport;
  /**
   * Whether something was compared, every difference is explained, no engine failed, and each file that was given in place of a fresh export
   * was executed.
   */
  readonly isVerified: boolean;
}

export interface VerificationRow {
  /** The engine, as `onnxruntime, all`. */
  readonly name: string;
  /** What its outputs were held against. */
  readonly against: string;
  /** What it was to execute in place of a fresh export. */
  readonly file?: GivenFile;
  readonly found:
    | Verdict
    /** It could not run here; that is no fault of the model, but says nothing for a file that it was to execute. */
    | { readonly kind: "missing"; readonly reason: string }
    /** It refused the model, or broke off. */
    | { readonly kind: "failed"; readonly reason: string };
}
