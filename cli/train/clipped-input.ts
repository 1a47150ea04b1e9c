import type { Program } from "../../compiler/ir/index.ts";
import type { Sample } from "./sample-inputs.ts";

/**
 * What to tell where the data has negative numbers, as normalized images do, and the input's quantizer has no levels for
 * them: the compiler, which does not know the data, takes an image for numbers of 0 and more.
 */
export function noteOfClippedInput(
  { train: { instructions } }: Program,
  { input, source }: Sample,
): string | undefined {
  const image = instructions.find(({ op }) => op === "input")?.results[0];
  const clipping = instructions.find(
    ({ op, args, attributes }) =>
      op === "quantize" &&
      args[0] === image &&
      attributes["low"] === 0 &&
      attributes["quantizer"] !== "lsq_plus_offset",
  );
  const negative = input.data.reduce((count, number) => count + (number < 0 ? 1 : 0), 0);
  if (!clipping || negative === 0) return undefined;
  const share = Math.max(1, Math.round((100 * negative) / input.data.length));
  return (
    `note: the policy quantizes the input without a sign (\`signed: false\`), and ${share} % of the numbers in ${source} are below 0: ` +
    "they all become 0\n"
  );
}
