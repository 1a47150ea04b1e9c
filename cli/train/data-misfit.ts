import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { UserMistake } from "../user-mistake.ts";

/** Data and what is to be trained on it do not go together. */
export function dataMisfit(data: string, what: string, problem: string, hint: string): UserMistake {
  return new UserMistake(
    diagnostic("config/data-mismatch", undefined, { data, what, problem, hint }),
  );
}
