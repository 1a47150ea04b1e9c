import type { Program } from "../ir/index.ts";

/** The comment at the top of a module: what it is, where it comes from, what it takes and gives. */
export function moduleHeader(program: Program, command: string): string {
  const { entry, source, policy, input, output } = program;
  const lines = [
    `${entry}, compiled from ${source}.`,
    "",
    `Quantization: ${policy === undefined ? "none (floating point)" : `policy ${policy}`}.`,
    `Input \`${input.name}\`: [batch, ${input.shape.join(", ")}]. Output: [batch, ${output.shape.join(", ")}].`,
    "Activations are NHWC, kernels HWIO.",
    "",
    `Made by \`${command}\`; compile again instead of editing.`,
  ];
  return `/**\n${lines.map((line) => ` * ${defuse(line)}`.trimEnd()).join("\n")}\n */`;
}

/** Text of the user's must not end the comment. */
function defuse(text: string): string {
  return text.replaceAll("*/", "*\\/").replace(/[\r\n]+/g, " ");
}
