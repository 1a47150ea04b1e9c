import type { Program } from "../../../compiler/ir/program.ts";
import type { DeployedWeights } from "../../integer/index.ts";
import { descriptionOf } from "../description.ts";
import type { ExportedModel, Exporter, ExportOptions } from "../exporter.ts";
import { floatBytes } from "../float-bytes.ts";
import { writeGraph } from "../write-graph.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { tfjsInstructions, type TfjsContext } from "./instructions.ts";
import { modelFile } from "./model-file.ts";
import { tensorShape } from "./node-def.ts";
import { shardsOf } from "./shards.ts";
import { floatActivation, type TfjsValue } from "./value.ts";

export const tfjsExporter: Exporter = {
  name: "tfjs",
  description: "a GraphModel of TensorFlow.js, for browsers and Node",
  makes: "folder",
  write: exportTfjs,
};

/** Of TensorFlow's GraphDef; loaders want one and print it. */
const versions = { producer: 1087, minConsumer: 12 };

/**
 * Writes a program's deploy graph as a GraphModel of TensorFlow.js, for `tf.loadGraphModel`: activations NHWC, dynamic batch; the result is
 * named `output`, the input as in the program. Names of nodes and weights begin with paths of the spec, as `s1.0.kernel`.
 *
 * It is no model of integer kernels, which TensorFlow.js has not: levels are stored as bytes, and computed with as float32 numbers that are
 * small integers. Convolutions add those without rounding, whatever the engine and its order, so that outputs are the trained ones, bit for bit.
 *
 * Where they need not be: a GPU. GLSL and WGSL let a division be off by 2.5 units in the last place, so that a number so near to a tie may go
 * to the neighbouring level. Multiplications and additions are rounded as IEEE's, hence nothing else differs. cpu, wasm and processors that
 * stand in for a GPU (Chromium's SwiftShader) divide exactly. And webgl has to have float32 textures, which some telephones have not.
 *
 * @throws WrongTensor when a weight is missing or has another shape
 * @throws InvalidStep when a quantizer's step is not positive
 */
export function exportTfjs(
  program: Program,
  weights: DeployedWeights,
  options: ExportOptions,
): ExportedModel {
  const graph = new GraphBuilder();
  const inputName = graph.input(program.input.name, [-1, ...program.input.shape]);
  const [outputName, addOutput] = graph.output("output");
  const context: TfjsContext = { graph, inputName };
  const writer = { format: "a GraphModel", rows: tfjsInstructions, context };
  addOutput(
    floatActivation({ graph }, writeGraph<TfjsValue, TfjsContext>(program, weights, writer)),
  );
  const shards = shardsOf(graph.weights);
  const model = {
    format: "graph-model",
    generatedBy: options.generator,
    convertedBy: options.generator,
    signature: {
      inputs: { [inputName]: tensorInfo(inputName, program.input.shape) },
      outputs: { [outputName]: tensorInfo(outputName, program.output.shape) },
    },
    userDefinedMetadata: descriptionOf(program, options),
    modelTopology: { node: graph.nodes, library: {}, versions },
    weightsManifest: [
      { paths: [...shards.keys()], weights: graph.weights.map(({ entry }) => entry) },
    ],
  };
  const json = new TextEncoder().encode(JSON.stringify(model));
  const stored = graph.weights.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return {
    files: new Map([[modelFile, json], ...shards]),
    weightBytes: { float: floatBytes(program), stored },
  };
}

function tensorInfo(name: string, shape: readonly number[]) {
  return { name: `${name}:0`, dtype: "DT_FLOAT", tensorShape: tensorShape([-1, ...shape]) };
}
