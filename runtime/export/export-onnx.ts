import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type ValueInfoProto,
} from "onnx-buf";
import type { ValueId } from "../../compiler/ir/graph.ts";
import type { Program } from "../../compiler/ir/program.ts";
import type { ValueType } from "../../compiler/ir/types.ts";
import { instructionPaths, type DeployedWeights } from "../integer/index.ts";
import { OnnxBuilder } from "./onnx-builder.ts";
import { onnxInstructions } from "./onnx-instructions.ts";
import type { Scales } from "./onnx-site.ts";
import { floatActivation, type OnnxValue } from "./onnx-value.ts";

export interface OnnxOptions {
  /** Program and version that write the file, as `repqc 0.1.0`. */
  readonly generator: string;
  /** Default `after-sum`, the exact form; see {@link Scales}. */
  readonly scales?: Scales;
  /** Further metadata of the model, as the spec's hash. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly weightBytes: {
    /** Of the deployed weights (without steps) as float32. */
    readonly float: number;
    /** Of everything stored in the file as an initializer. */
    readonly stored: number;
  };
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
  const result = addInstructions(onnx, program, weights, inputName, options.scales ?? "after-sum");
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
  return { bytes: toBinary(ModelProtoSchema, model), weightBytes: weightBytes(program, onnx) };
}

/** Adds every instruction's nodes; returns the name of the float32 result. */
function addInstructions(
  onnx: OnnxBuilder,
  program: Program,
  weights: DeployedWeights,
  inputName: string,
  scales: Scales,
): string {
  const graph = program.deploy;
  const paths = instructionPaths(graph);
  const values = new Map<ValueId, OnnxValue>();
  const types = new Map<ValueId, ValueType>();
  for (const instruction of graph.instructions) {
    const { op, args, results } = instruction;
    const row = onnxInstructions[op];
    if (!row) throw new Error(`repqc bug: the ONNX exporter has no instruction ${op}`);
    const result = results[0] ?? "";
    const path = paths.get(result) ?? op;
    const argumentTypes = args.map((arg) => lookUp(types, arg));
    const site = { onnx, instruction, argumentTypes, path, weights, scales, inputName };
    const operands = args.map((arg) => lookUp(values, arg));
    values.set(result, row(operands, site));
    for (const [i, id] of results.entries()) types.set(id, instruction.types[i] as ValueType);
  }
  return floatActivation({ onnx, scales }, lookUp(values, graph.outputs["output"] ?? ""));
}

function lookUp<T>(map: ReadonlyMap<ValueId, T>, id: ValueId): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`repqc bug: ${id} is used before it is defined`);
  return value;
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

function description(program: Program, { generator, metadata }: OnnxOptions) {
  const { entry, source, policy } = program;
  const quantized = policy === undefined ? "floating point" : `policy ${policy}`;
  const properties = {
    "repqc.source": source,
    "repqc.entry": entry,
    "repqc.policy": policy ?? "none",
    "repqc.generator": generator,
    ...metadata,
  };
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

function weightBytes(program: Program, onnx: OnnxBuilder): OnnxFile["weightBytes"] {
  const sizes = program.deployed
    .filter(({ role }) => role !== "step")
    .map(({ shape }) => 4 * shape.reduce((product, n) => product * n, 1));
  return {
    float: sizes.reduce((sum, n) => sum + n, 0),
    stored: onnx.initializers.reduce((sum, { rawData }) => sum + rawData.length, 0),
  };
}
