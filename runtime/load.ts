import type { Graph } from "../compiler/ir/graph.ts";
import type { Program } from "../compiler/ir/program.ts";
import { CorruptFile, ForeignFile } from "./files.ts";
import { makePlan } from "./interpreter/index.ts";

const recompile = "Compile it again with `repqc compile`.";

/**
 * Reads what `repqc compile` wrote.
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
  const program = value as unknown as Program;
  checkParts(value, file);
  for (const name of ["train", "merge", "deploy"] as const) checkGraph(program[name], name, file);
  return program;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CorruptFile(file, "is cut off or damaged: it is not JSON text", recompile);
  }
}

function checkParts(program: Record<string, unknown>, file: string): void {
  const lists = ["weights", "deployed"].every((name) => Array.isArray(program[name]));
  const objects = ["input", "output", "train", "merge", "deploy"].every((name) =>
    isObject(program[name]),
  );
  if (!lists || !objects) {
    throw new CorruptFile(file, "lacks something that every program has", recompile);
  }
}

/** A graph that can be planned in both modes names only values and instructions that exist. */
function checkGraph(graph: Graph, name: string, file: string): void {
  try {
    for (const mode of ["train", "eval"] as const) makePlan(graph, mode);
  } catch {
    throw new CorruptFile(file, `has a damaged ${name} graph`, recompile);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
