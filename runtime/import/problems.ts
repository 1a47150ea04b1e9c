import { CorruptFile, ForeignFile } from "../files.ts";

const again = "Save, copy or download it again.";
export const saveWeightsOnly =
  "In Python save the weights alone: `torch.save(model.state_dict(), FILE)`, or as safetensors.";

/** The bytes cannot be what a whole file has. @param problem a clause whose subject is the file */
export function damaged(file: string, problem: string): CorruptFile {
  return new CorruptFile(file, problem, again);
}

/** The file may well be whole, but holds what is not read here. @param reason a clause with its own subject */
export function unreadable(file: string, reason: string, help = saveWeightsOnly): ForeignFile {
  return new ForeignFile(file, `cannot be read: ${reason}`, help);
}

/** Names in damaged files have any length; a person needs their beginning. */
export function quoted(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}
