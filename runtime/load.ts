import type { Graph } from "../compiler/ir/graph.ts";
import type { DeployedSpec, Program, WeightSpec } from "../compiler/ir/program.ts";
import { verify } from "../compiler/ir/verify.ts";
import { CorruptFile, ForeignFile } from "./files.ts";
import { makePlan } from "./interpreter/index.ts";
import { findSchemaViolation } from "./program-schema.ts";

const recompile = "Compile it again with `repqc compile`.";

/**
 * Reads what `repqc compile` wrote, against `specs/schema/program.schema.json` and the instruction table.
 * @param file what to call it in messages
 * @throws CorruptFile (no JSON, cut off, changed by hand), ForeignFile (another format or version)
 */
export function loadProgram(text: string, file: string): Program {
  const value = parse(text, file);
  if (!isObject(value) || value["format"] !== "repqc-program") {
    throw new ForeignFile(file, "is not a compiled program", recompile);
  }
  if (value["version"] !== 1) {
    const problem = `is a program of format version ${String(value["version"])}; this repqc reads version 1`;
    throw new ForeignFile(file, problem, recompile);
  }
  const violation = findSchemaViolation(value);
  if (violation !== undefined) {
    throw new CorruptFile(file, `is no whole program: ${violation}`, recompile);
  }
  const program = value as unknown as Program;
  for (const stage of ["train", "merge", "deploy"] as const) checkGraph(program, stage, file);
  return program;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CorruptFile(file, "is cut off or changed: it is not JSON text", recompile);
  }
}

/** Every value, type and weight of a graph is what the instruction table and the lists of weights say. */
function checkGraph(program: Program, stage: "train" | "merge" | "deploy", file: string): void {
  const graph = program[stage];
  try {
    verify(graph, stage);
    for (const mode of ["train", "eval"] as const) makePlan(graph, mode);
  } catch (error) {
    const [reason = ""] = String((error as Error).message).split("\n");
    const what = reason.replace(/^repqc bug: /, "");
    throw new CorruptFile(file, `has a wrong ${stage} graph: ${what}`, recompile);
  }
  const stranger = findStranger(graph, stage === "deploy" ? program.deployed : program.weights);
  if (stranger !== undefined) {
    const problem = `has a wrong ${stage} graph: its weight \`${stranger}\` is not in the list of weights, or has another shape there`;
    throw new CorruptFile(file, problem, recompile);
  }
}

/** Path of a weight that the list does not have in this shape. */
function findStranger(
  graph: Graph,
  specs: readonly (WeightSpec | DeployedSpec)[],
): string | undefined {
  const shapes = new Map(specs.map(({ path, shape }) => [path, shape.join()]));
  return graph.instructions
    .filter(({ op }) => op === "weight")
    .map(({ attributes }) => [String(attributes["path"]), String(attributes["shape"])] as const)
    .find(([path, shape]) => shapes.get(path) !== shape)?.[0];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
