import type { ValueId } from "../../compiler/ir/graph.ts";
import type { Program } from "../../compiler/ir/program.ts";
import type { ValueType } from "../../compiler/ir/types.ts";
import { instructionPaths, type DeployedWeights } from "../integer/index.ts";
import type { GraphSite } from "./graph-site.ts";

/** Writes what an instruction computes; returns what its value becomes in the file. */
export type WriteInstruction<Value, Context> = (
  args: readonly Value[],
  site: GraphSite & Context,
) => Value;

/** How a format writes a graph. */
export interface GraphWriter<Value, Context> {
  /** To call it in errors. */
  readonly format: string;
  /** By instruction. */
  readonly rows: Readonly<Record<string, WriteInstruction<Value, Context>>>;
  /** What rows know besides. */
  readonly context: Context;
}

/** Writes every instruction of a program's deploy graph; returns what the graph's output became. */
export function writeGraph<Value, Context>(
  { deploy }: Program,
  weights: DeployedWeights,
  { format, rows, context }: GraphWriter<Value, Context>,
): Value {
  const paths = instructionPaths(deploy);
  const values = new Map<ValueId, Value>();
  const types = new Map<ValueId, ValueType>();
  for (const instruction of deploy.instructions) {
    const { op, args, results } = instruction;
    const result = results[0] ?? "";
    const path = paths.get(result) ?? op;
    const row = rows[op];
    if (!row) throw new Error(`repqc bug: ${op} at ${path} has no form in ${format}`);
    const argumentTypes = args.map((arg) => lookUp(types, arg));
    const operands = args.map((arg) => lookUp(values, arg));
    values.set(result, row(operands, { ...context, instruction, argumentTypes, path, weights }));
    for (const [i, id] of results.entries()) types.set(id, instruction.types[i] as ValueType);
  }
  return lookUp(values, deploy.outputs["output"] ?? "");
}

function lookUp<T>(map: ReadonlyMap<ValueId, T>, id: ValueId): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`repqc bug: ${id} is used before it is defined`);
  return value;
}
