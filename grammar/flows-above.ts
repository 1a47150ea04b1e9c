import type { Mistake } from "./mistake.ts";

/** Names of the flows that a statement of a model may begin with, the nearest first: bindings above it, then the input. */
export function flowsAbove({ tokens, index }: Mistake): readonly string[] {
  const names: string[] = [];
  let isAbove = false;
  for (let i = index - 1; i > 0 && tokens[i]?.tokenType.name !== "Model"; i--) {
    const isBound = tokens[i + 1]?.tokenType.name === "Equals";
    const isInput = tokens[i - 1]?.tokenType.name === "Input";
    if (isAbove && (isBound || isInput)) names.push(tokens[i]!.image);
    isAbove ||= isBound || tokens[i]?.tokenType.name === "Output";
  }
  return names;
}
