import type { Range } from "../../integer/index.ts";
import { UniqueNames } from "../unique-names.ts";
import {
  integer,
  integers,
  tensorShape,
  text,
  type AttrValue,
  type DataType,
  type NodeDef,
} from "./node-def.ts";
import { storeFloats, storeIntegers, storeLevels, type StoredWeight } from "./stored-weight.ts";

/** Numbers, lists of them, words and truths, by name. */
export type NodeAttributes = Readonly<
  Record<string, number | readonly number[] | string | boolean>
>;

/** Collects nodes and weights, whose names are unique and mirror the paths of the spec. */
export class GraphBuilder {
  readonly nodes: NodeDef[] = [];
  readonly weights: StoredWeight[] = [];
  private readonly names = new UniqueNames();

  /** Adds the model's input; a size of -1 is any. Returns its name. */
  input(name: string, shape: readonly number[]): string {
    const own = this.names.take(name);
    const dtype = { type: "DT_FLOAT" } as const;
    const attr = { dtype, shape: { shape: tensorShape(shape) } };
    this.nodes.push({ name: own, op: "Placeholder", attr });
    return own;
  }

  /** Keeps a name for the model's output; adds it with the function that is returned. */
  output(name: string): readonly [own: string, add: (result: string) => void] {
    const own = this.names.take(name);
    const attr = { T: { type: "DT_FLOAT" } } as const;
    const add = (result: string) => {
      this.nodes.push({ name: own, op: "Identity", input: [result], attr });
    };
    return [own, add];
  }

  /** Adds a node; returns its name, which is that of its first output. */
  node(
    op: string,
    input: readonly string[],
    name: string,
    attributes: NodeAttributes = {},
  ): string {
    const own = this.names.take(name);
    const given = Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]);
    const attr = { T: { type: "DT_FLOAT" as const }, ...Object.fromEntries(given) };
    this.nodes.push({ name: own, op, input, attr });
    return own;
  }

  floats(name: string, shape: readonly number[], data: ArrayLike<number>): string {
    return this.add(storeFloats(this.names.take(name), shape, data), "DT_FLOAT");
  }

  /** A vector, or with a shape something else. */
  integers(name: string, data: readonly number[], shape: readonly number[] = [data.length]) {
    return this.add(storeIntegers(this.names.take(name), shape, data), "DT_INT32");
  }

  levels(name: string, shape: readonly number[], levels: ArrayLike<number>, range: Range): string {
    return this.add(storeLevels(this.names.take(name), shape, levels, range), "DT_FLOAT");
  }

  /** A scalar float32 that is added once. */
  constant(value: number): string {
    const name = `constant.${value}`;
    return this.names.has(name) ? name : this.floats(name, [], [value]);
  }

  /** A scalar int32 that is added once. */
  index(value: number): string {
    const name = `index.${value}`;
    return this.names.has(name) ? name : this.integers(name, [value], []);
  }

  private add(weight: StoredWeight, dtype: DataType): string {
    const { name, shape } = weight.entry;
    const value = { tensor: { dtype, tensorShape: tensorShape(shape) } };
    this.weights.push(weight);
    this.nodes.push({ name, op: "Const", attr: { dtype: { type: dtype }, value } });
    return name;
  }
}

function attributeOf(value: NodeAttributes[string]): AttrValue {
  if (typeof value === "number") return integer(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return { b: value };
  return integers(value);
}
