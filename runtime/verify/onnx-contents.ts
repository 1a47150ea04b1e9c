import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, type TensorProto, type ValueInfoProto } from "onnx-buf";
import type { ModelConstant, ModelContents } from "./model-contents.ts";

/** Nothing where the bytes are no ONNX model. */
export function onnxContents(bytes: Uint8Array): ModelContents | undefined {
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

function constantOf({ dataType, dims, rawData }: TensorProto): ModelConstant {
  return { type: String(dataType), shape: dims.map(Number), bytes: rawData };
}

function shapeOf({ type }: ValueInfoProto): readonly number[] | undefined {
  if (type?.value.case !== "tensorType") return undefined;
  const [, ...sizes] = type.value.value.shape?.dim ?? [];
  const shape = sizes.map(({ value }) => (value.case === "dimValue" ? Number(value.value) : 0));
  return shape.length > 0 && shape.every((size) => size > 0) ? shape : undefined;
}
