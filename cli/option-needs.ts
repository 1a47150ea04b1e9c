import { diagnostic } from "../compiler/diagnostics/index.ts";
import { UserMistake } from "./user-mistake.ts";

/** The mistake of giving one option, or asking for one thing, without another that it needs. */
export function optionNeeds(option: string, needed: string, hint: string): UserMistake {
  return new UserMistake(diagnostic("config/option-needs", undefined, { option, needed, hint }));
}
