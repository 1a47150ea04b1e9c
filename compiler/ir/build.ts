import { printGraph } from "./print.ts";
import type { Attribute, Graph, Instruction, ValueId } from "./graph.ts";
import { resultTypes } from "./instructions.ts";
import type { KernelType, ValueType } from "./types.ts";
import { shapeOf } from "./types.ts";

type Attributes = Readonly<Record<string, Attribute>>;

/** Collects instructions, types them as they come, and says each only once. */
export class GraphBuilder {
  private readonly instructions: Instruction[] = [];
  private readonly types = new Map<ValueId, ValueType>();
  private readonly said = new Map<string, readonly ValueId[]>();

  /** Appends an instruction with one result, or finds the same one said before. */
  emit(op: string, args: readonly ValueId[], attributes: Attributes = {}): ValueId {
    const [result] = this.emitAll(op, args, attributes);
    if (result === undefined) throw new Error(`repqc bug: ${op} without a result`);
    return result;
  }

  /** Appends an instruction with any number of results. */
  emitAll(op: string, args: readonly ValueId[], attributes: Attributes = {}): readonly ValueId[] {
    const key = JSON.stringify([op, args, attributes]);
    const known = this.said.get(key);
    if (known) return known;
    const types = resultTypes(
      op,
      args.map((arg) => this.typeOf(arg)),
      attributes,
    );
    const results = types.map((_, index) => `%${this.types.size + index}`);
    results.forEach((result, index) => this.types.set(result, types[index] as ValueType));
    this.instructions.push({ op, results, types, args, attributes });
    this.said.set(key, results);
    return results;
  }

  /** `input` or `weight` of a type. */
  leaf(op: "input" | "weight", type: ValueType, attributes: Attributes): ValueId {
    const groups = type.kind === "kernel" ? { groups: type.groups } : {};
    return this.emit(op, [], { ...attributes, kind: type.kind, shape: shapeOf(type), ...groups });
  }

  typeOf(id: ValueId): ValueType {
    const type = this.types.get(id);
    if (!type)
      throw new Error(
        `repqc bug: ${id} is not defined here\n${printGraph(this.finish({}, false))}`,
      );
    return type;
  }

  kernelType(id: ValueId): KernelType {
    const type = this.typeOf(id);
    if (type.kind !== "kernel") throw new Error(`repqc bug: ${id} is a ${type.kind}, not a kernel`);
    return type;
  }

  /** The graph, without what no output needs. */
  finish(outputs: Readonly<Record<string, ValueId>>, isPruned = true): Graph {
    const needed = new Set(Object.values(outputs));
    const kept: Instruction[] = [];
    for (const instruction of this.instructions.toReversed()) {
      if (isPruned && !instruction.results.some((result) => needed.has(result))) continue;
      for (const arg of instruction.args) needed.add(arg);
      kept.push(instruction);
    }
    return renumber({ instructions: kept.toReversed(), outputs });
  }
}

/** Names values in the order they are defined: %0, %1, ... */
function renumber(graph: Graph): Graph {
  const names = new Map<ValueId, ValueId>();
  const rename = (id: ValueId) => names.get(id) ?? id;
  const instructions = graph.instructions.map((instruction) => {
    for (const result of instruction.results) names.set(result, `%${names.size}`);
    return {
      ...instruction,
      results: instruction.results.map(rename),
      args: instruction.args.map(rename),
    };
  });
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, id]) => [name, rename(id)]),
  );
  return { instructions, outputs };
}
