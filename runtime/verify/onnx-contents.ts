import { fromBinary, toJson } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  FunctionProtoSchema,
  ModelProtoSchema,
  SparseTensorProtoSchema,
  ValueInfoProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "onnx-buf";
import type { ModelConstant, ModelContents } from "./model-contents.ts";

/** Nothing where the bytes are no ONNX model. */
export function onnxContents(bytes: Uint8Array): ModelContents | undefined {
  try {
    const model = fromBinary(ModelProtoSchema, bytes);
    const { graph, metadataProps } = model;
    if (!graph || graph.node.length === 0) return undefined;
    const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
    const constants = new Map(graph.initializer.map((one) => [one.name, constantOf(one)]));
    const [input, ...others] = graph.input.filter(({ name }) => !constants.has(name));
    const inputShape = others.length === 0 && input ? shapeOf(input) : undefined;
    const statements = statementsOf(model, graph);
    return { metadata, constants, statements, ...(inputShape && { inputShape }) };
  } catch {
    // Not one of protobuf's messages.
    return undefined;
  }
}

/** All but the constants that can move an output; notes for readers, such as shapes that somebody inferred, cannot. */
function statementsOf({ opsetImport, functions }: ModelProto, graph: GraphProto): string[] {
  return [
    ...opsetImport.map(({ domain, version }) => `opset ${domain || "ai.onnx"} ${version}`),
    ...functions.map((one) => `function ${JSON.stringify(toJson(FunctionProtoSchema, one))}`),
    ...graph.input.map((one) => `input ${valueText(one)}`),
    ...graph.output.map((one) => `output ${valueText(one)}`),
    ...graph.sparseInitializer.map((one) => JSON.stringify(toJson(SparseTensorProtoSchema, one))),
    ...graph.node.map(nodeText),
  ];
}

function valueText(value: ValueInfoProto): string {
  return JSON.stringify(toJson(ValueInfoProtoSchema, value));
}

/** Attributes have no order. */
function nodeText({ domain, opType, overload, input, output, attribute }: NodeProto): string {
  const attributes = attribute.map((one) => JSON.stringify(toJson(AttributeProtoSchema, one)));
  const operation = [domain || "ai.onnx", opType, ...(overload ? [overload] : [])].join(".");
  return `${operation}(${input.join(", ")}) = ${output.join(", ")} ${attributes.toSorted().join(" ")}`;
}

function constantOf({ dataType, dims, rawData }: TensorProto): ModelConstant {
  return { type: String(dataType), shape: dims.map(Number), bytes: rawData };
}

function shapeOf({ type }: ValueInfoProto): readonly number[] | undefined {
  if (type?.value.case !== "tensorType") return undefined;
  const [, ...sizes] = type.value.value.shape?.dim ?? [];
  const shape = sizes.map(({ value }) => (value.case === "dimValue" ? Number(value.value) : 0));
  return shape.length > 0 && shape.every((size) => size > 0) ? shape : undefined;
}
