import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from "onnx-buf";
import { floatTensor, indexTensor, levelTensor } from "./onnx-tensor.ts";
import type { StoredType } from "./stored-type.ts";
import { UniqueNames } from "./unique-names.ts";

export type NodeAttributes = Readonly<Record<string, number | readonly number[] | string>>;

/** Collects nodes and initializers, whose names are unique and mirror the paths of the spec. */
export class OnnxBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  private readonly names = new UniqueNames();

  /** `name`, or with a number behind it when it is taken. */
  unique(name: string): string {
    return this.names.take(name);
  }

  /** Adds a node with one output, named like the node; returns that name. */
  node(
    opType: string,
    input: readonly string[],
    name: string,
    attributes: NodeAttributes = {},
  ): string {
    const output = this.unique(name);
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    const node = { name: output, opType, input: [...input], output: [output], attribute };
    this.nodes.push(create(NodeProtoSchema, node));
    return output;
  }

  floats(name: string, shape: readonly number[], data: ArrayLike<number>): string {
    return this.add(floatTensor(this.unique(name), shape, data));
  }

  indices(name: string, data: readonly number[]): string {
    return this.add(indexTensor(this.unique(name), data));
  }

  levels(
    name: string,
    shape: readonly number[],
    data: ArrayLike<number>,
    type: StoredType,
  ): string {
    return this.add(levelTensor(this.unique(name), shape, data, type));
  }

  /** A scalar that is added once. */
  constant(value: number): string {
    const name = `constant.${value}`;
    if (!this.names.has(name)) this.floats(name, [], [value]);
    return name;
  }

  /** A zero point of a type, added once. */
  zeroPoint(type: StoredType, zero: number): string {
    const name = zero === 0 ? `zero.${type.name}` : `zero.${type.name}.${zero}`;
    if (!this.names.has(name)) this.levels(name, [], [zero], type);
    return name;
  }

  private add(tensor: TensorProto): string {
    this.initializers.push(tensor);
    return tensor.name;
  }
}

function attributeOf(name: string, value: number | readonly number[] | string): AttributeProto {
  if (typeof value === "number") {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === "string") {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
  }
  const ints = value.map(BigInt);
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
}
