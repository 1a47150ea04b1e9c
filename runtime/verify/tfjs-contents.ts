import { concatenateBytes } from "../concatenate-bytes.ts";
import { modelFile } from "../export/tfjs/model-file.ts";
import type { ModelConstant, ModelContents } from "./model-contents.ts";
import { readModelJson, type GroupJson, type ModelJson } from "./tfjs-json.ts";

/** The files of weights that a `model.json` names; nothing where it is no GraphModel of TensorFlow.js. */
export function tfjsWeightFiles(json: Uint8Array): readonly string[] | undefined {
  return readModelJson(json)?.weightsManifest.flatMap(({ paths }) => paths);
}

/**
 * @param files `model.json` and the files of weights
 * @returns nothing where they are no GraphModel of TensorFlow.js
 */
export function tfjsContents(files: ReadonlyMap<string, Uint8Array>): ModelContents | undefined {
  const model = readModelJson(files.get(modelFile));
  if (!model) return undefined;
  const { userDefinedMetadata = {}, weightsManifest } = model;
  const constants = weightsManifest.flatMap((group) => constantsOf(group, files));
  return {
    metadata: new Map(
      Object.entries(userDefinedMetadata).map(([name, value]) => [name, String(value)]),
    ),
    constants: new Map(constants),
    statements: statementsOf(model),
  };
}

/** What only tells where a model is from. */
const notes = new Set(["userDefinedMetadata", "generatedBy", "convertedBy"]);

/** All but the constants: the signature too, which names what a loader gives and takes. */
function statementsOf(model: ModelJson): string[] {
  const { node, ...topology } = model.modelTopology;
  const { weightsManifest: _, ...rest } = { ...model, modelTopology: topology };
  const others = Object.entries(rest).filter(([name]) => !notes.has(name));
  return [
    ...others.map(([name, value]) => `${name} ${JSON.stringify(value)}`).toSorted(),
    ...node.map(
      ({ name, op, input = [], attr }) =>
        `${op}(${input.join(", ")}) = ${name} ${JSON.stringify(attr)}`,
    ),
  ];
}

/** A group's files one behind another, cut into its constants. */
function constantsOf(
  { paths, weights }: GroupJson,
  files: ReadonlyMap<string, Uint8Array>,
): readonly (readonly [string, ModelConstant])[] {
  const all = concatenateBytes(paths.map((path) => files.get(path) ?? new Uint8Array()));
  let at = 0;
  return weights.map(({ name, shape, dtype, quantization }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const from = at;
    at += count * bytesOf(quantization?.dtype ?? dtype);
    const { scale = 1, min = 0 } = quantization ?? {};
    const type = quantization ? `${dtype} = ${quantization.dtype} * ${scale} + ${min}` : dtype;
    return [name, { type, shape, bytes: all.subarray(from, at) }];
  });
}

function bytesOf(dtype: string): number {
  if (dtype === "uint8" || dtype === "bool") return 1;
  return dtype === "uint16" || dtype === "float16" ? 2 : 4;
}
