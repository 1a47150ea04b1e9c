import type { Attribute, Graph, Instruction, ValueId } from "../../../compiler/ir/graph.ts";
import { resultTypes } from "../../../compiler/ir/instructions.ts";
import type { ValueType } from "../../../compiler/ir/types.ts";
import { shapeOf } from "../../../compiler/ir/types.ts";

type Attributes = Readonly<Record<string, Attribute>>;

/** Builds graphs by hand, with result types from the instruction table, until tests can compile specs. */
export class GraphBuilder {
  readonly instructions: Instruction[] = [];
  readonly #types = new Map<ValueId, ValueType>();
  #next = 0;

  op(op: string, args: readonly ValueId[], attributes: Attributes = {}): ValueId {
    return this.ops(op, args, attributes)[0]!;
  }

  /** As `op`, for instructions with several results. */
  ops(op: string, args: readonly ValueId[], attributes: Attributes = {}): readonly ValueId[] {
    const types = resultTypes(
      op,
      args.map((arg) => this.type(arg)),
      attributes,
    );
    const results = types.map(() => `%${this.#next++}`);
    results.forEach((name, n) => this.#types.set(name, types[n]!));
    this.instructions.push({ op, results, types, args, attributes });
    return results;
  }

  input(...shape: number[]): ValueId {
    return this.op("input", [], { kind: shape.length === 3 ? "map" : "features", shape });
  }

  kernel(path: string, shape: readonly number[], groups = 1): ValueId {
    return this.op("weight", [], { path, kind: "kernel", shape, groups });
  }

  vector(path: string, size: number): ValueId {
    return this.op("weight", [], { path, kind: "vector", shape: [size] });
  }

  scalar(path: string): ValueId {
    return this.op("weight", [], { path, kind: "scalar", shape: [] });
  }

  type(name: ValueId): ValueType {
    return this.#types.get(name)!;
  }

  shape(name: ValueId): readonly number[] {
    return shapeOf(this.type(name));
  }

  graph(outputs: Readonly<Record<string, ValueId>>): Graph {
    return { instructions: this.instructions, outputs };
  }
}
