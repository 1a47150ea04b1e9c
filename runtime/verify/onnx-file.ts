import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, type TensorProto, type ValueInfoProto } from "onnx-buf";

/** What an ONNX file says of itself. */
export interface OnnxModel {
  /** By name, as `repqc.entry`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Of one input, without the batch and in the file's own order; absent where a size is open or there is not just one input. */
  readonly inputShape?: readonly number[];
  readonly constants: ReadonlyMap<string, OnnxConstant>;
  /** Operations and names, by which another graph is noticed. */
  readonly nodes: readonly string[];
}

interface OnnxConstant {
  readonly type: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Nothing where the bytes are no ONNX model. */
export function onnxModelOf(bytes: Uint8Array): OnnxModel | undefined {
  try {
    const { graph, metadataProps } = fromBinary(ModelProtoSchema, bytes);
    if (!graph || graph.node.length === 0) return undefined;
    const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
    const constants = new Map(graph.initializer.map((one) => [one.name, constantOf(one)]));
    const names = ({ opType, input, output }: (typeof graph.node)[number]) =>
      `${opType}(${input.join(", ")}) = ${output.join(", ")}`;
    const [input, ...others] = graph.input.filter(({ name }) => !constants.has(name));
    const inputShape = others.length === 0 && input ? shapeOf(input) : undefined;
    const nodes = graph.node.map(names);
    return { metadata, constants, nodes, ...(inputShape && { inputShape }) };
  } catch {
    // Not one of protobuf's messages.
    return undefined;
  }
}

function constantOf({ dataType, dims, rawData }: TensorProto): OnnxConstant {
  return { type: dataType, shape: dims.map(Number), bytes: rawData };
}

function shapeOf({ type }: ValueInfoProto): readonly number[] | undefined {
  if (type?.value.case !== "tensorType") return undefined;
  const [, ...sizes] = type.value.value.shape?.dim ?? [];
  const shape = sizes.map(({ value }) => (value.case === "dimValue" ? Number(value.value) : 0));
  return shape.length > 0 && shape.every((size) => size > 0) ? shape : undefined;
}

/** What two files do not have in common. */
export interface OnnxChanges {
  /** Names of constants whose numbers, type or shape differ, or that only one of them has. */
  readonly constants: readonly string[];
  /** Whether they have other operations, or wire them in another way. */
  readonly isGraphChanged: boolean;
}

/** Compares what two files compute, not what they say of themselves. */
export function compareOnnxFiles(a: OnnxModel, b: OnnxModel): OnnxChanges {
  const names = new Set([...a.constants.keys(), ...b.constants.keys()]);
  const differs = (name: string) => !isSame(a.constants.get(name), b.constants.get(name));
  const isGraphChanged = a.nodes.join("\n") !== b.nodes.join("\n");
  return { constants: [...names].filter(differs), isGraphChanged };
}

function isSame(a: OnnxConstant | undefined, b: OnnxConstant | undefined): boolean {
  if (!a || !b) return false;
  if (a.type !== b.type || a.shape.join() !== b.shape.join()) return false;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}
