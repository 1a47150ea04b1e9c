import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type ValueInfoProto,
} from "onnx-buf";
import type { Program } from "../../compiler/ir/program.ts";
import type { DeployedWeights } from "../integer/index.ts";
import { descriptionOf } from "./description.ts";
import type { ExportedModel, Exporter, ExportOptions } from "./exporter.ts";
import { floatBytes } from "./float-bytes.ts";
import { OnnxBuilder } from "./onnx-builder.ts";
import { onnxInstructions } from "./onnx-instructions.ts";
import type { OnnxContext, Scales } from "./onnx-site.ts";
import { floatActivation, type OnnxValue } from "./onnx-value.ts";
import { writeGraph } from "./write-graph.ts";

export const onnxExporter: Exporter = {
  name: "onnx",
  description: "an ONNX file of opset 21, for onnxruntime and compilers of accelerators",
  makes: ".onnx",
  write(program, weights, options) {
    const { bytes, weightBytes } = exportOnnx(program, weights, options);
    return { files: new Map([["model.onnx", bytes]]), weightBytes };
  },
};

export interface OnnxOptions extends ExportOptions {
  /** Default `after-sum`, the exact form; see {@link Scales}. */
  readonly scales?: Scales;
}

export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly weightBytes: ExportedModel["weightBytes"];
}

const irVersion = 10n;
const opset = 21n;

/**
 * Writes a program's deploy graph as an ONNX model: opset 21, activations NCHW, dynamic batch; the result is named `output`, the input as in
 * the program. Names of nodes and initializers begin with paths of the spec, as `s1.0.kernel`. Quantizers become QuantizeLinear to the
 * smallest integer type that holds their levels, kernels integer initializers.
 *
 * @throws WrongTensor when a weight is missing or has another shape
 * @throws InvalidStep when a quantizer's step is not positive
 */
export function exportOnnx(
  program: Program,
  weights: DeployedWeights,
  options: OnnxOptions,
): OnnxFile {
  const onnx = new OnnxBuilder();
  const inputName = onnx.unique(program.input.name);
  const outputName = onnx.unique("output");
  const context: OnnxContext = { onnx, scales: options.scales ?? "after-sum", inputName };
  const writer = { format: "ONNX", rows: onnxInstructions, context };
  const value = writeGraph<OnnxValue, OnnxContext>(program, weights, writer);
  const result = floatActivation(context, value);
  const isFeatures = program.output.shape.length === 1;
  const attributes = isFeatures ? { axis: 1 } : {};
  const last = onnx.node(isFeatures ? "Flatten" : "Identity", [result], "result", attributes);
  const node = onnx.nodes.at(-1);
  if (node?.output[0] === last) node.output[0] = outputName;
  const graph = create(GraphProtoSchema, {
    name: program.entry,
    node: onnx.nodes,
    initializer: onnx.initializers,
    input: [valueInfo(inputName, program.input.shape)],
    output: [valueInfo(outputName, program.output.shape)],
  });
  const model = create(ModelProtoSchema, { ...description(program, options), graph });
  const weightBytes = { float: floatBytes(program), stored: storedBytes(onnx) };
  return { bytes: toBinary(ModelProtoSchema, model), weightBytes };
}

/** A float32 value in NCHW (from a shape in HWC or C) with a dynamic batch. */
function valueInfo(name: string, shape: readonly number[]): ValueInfoProto {
  const [height = 1, width = 1, channels = 1] = shape;
  const sizes = shape.length === 3 ? [channels, height, width] : shape;
  const dim = [
    { value: { case: "dimParam" as const, value: "batch" } },
    ...sizes.map((n) => ({ value: { case: "dimValue" as const, value: BigInt(n) } })),
  ];
  const tensor = { elemType: DataType.FLOAT, shape: { dim } };
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: tensor } },
  });
}

function description(program: Program, options: OnnxOptions) {
  const { entry, source, policy } = program;
  const { generator } = options;
  const quantized = policy === undefined ? "floating point" : `policy ${policy}`;
  const properties = descriptionOf(program, options);
  const [producerName = "repqc", producerVersion = ""] = generator.split(" ");
  return {
    irVersion,
    opsetImport: [{ domain: "", version: opset }],
    producerName,
    producerVersion,
    docString: `${entry} of ${source}, ${quantized}, written by ${generator}.`,
    metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
  };
}

function storedBytes({ initializers }: OnnxBuilder): number {
  return initializers.reduce((sum, { rawData }) => sum + rawData.length, 0);
}
