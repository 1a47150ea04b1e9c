import type { Program } from "../../compiler/ir/program.ts";

/** What a program's deployed weights (without steps) take as float32. */
export function floatBytes({ deployed }: Program): number {
  return deployed
    .filter(({ role }) => role !== "step")
    .map(({ shape }) => 4 * shape.reduce((product, n) => product * n, 1))
    .reduce((sum, n) => sum + n, 0);
}
