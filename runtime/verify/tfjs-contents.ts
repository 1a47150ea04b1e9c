import { concatenateBytes } from "../concatenate-bytes.ts";
import { modelFile } from "../export/tfjs/model-file.ts";
import type { ModelConstant, ModelContents } from "./model-contents.ts";

/** As far as it is looked at. */
interface ModelJson {
  readonly format: string;
  readonly userDefinedMetadata?: Readonly<Record<string, unknown>>;
  readonly modelTopology: { readonly node: readonly NodeJson[] };
  readonly weightsManifest: readonly GroupJson[];
}

interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: unknown;
}

interface GroupJson {
  readonly paths: readonly string[];
  readonly weights: readonly EntryJson[];
}

interface EntryJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: {
    readonly dtype: string;
    readonly scale?: number;
    readonly min?: number;
  };
}

/** The files of weights that a `model.json` names; nothing where it is no GraphModel of TensorFlow.js. */
export function tfjsWeightFiles(json: Uint8Array): readonly string[] | undefined {
  return read(json)?.weightsManifest.flatMap(({ paths }) => paths);
}

/**
 * @param files `model.json` and the files of weights
 * @returns nothing where they are no GraphModel of TensorFlow.js
 */
export function tfjsContents(files: ReadonlyMap<string, Uint8Array>): ModelContents | undefined {
  const model = read(files.get(modelFile));
  if (!model) return undefined;
  const { userDefinedMetadata = {}, modelTopology, weightsManifest } = model;
  const constants = weightsManifest.flatMap((group) => constantsOf(group, files));
  return {
    metadata: new Map(
      Object.entries(userDefinedMetadata).map(([name, value]) => [name, String(value)]),
    ),
    constants: new Map(constants),
    nodes: modelTopology.node.map(
      ({ name, op, input = [], attr }) =>
        `${op}(${input.join(", ")}) = ${name} ${JSON.stringify(attr)}`,
    ),
  };
}

function read(json: Uint8Array | undefined): ModelJson | undefined {
  try {
    const model = JSON.parse(new TextDecoder().decode(json)) as ModelJson;
    const { modelTopology, weightsManifest } = model;
    const isWhole = Array.isArray(modelTopology.node) && Array.isArray(weightsManifest);
    const isListed = () =>
      weightsManifest.every(({ paths, weights }) => Array.isArray(paths) && Array.isArray(weights));
    return model.format === "graph-model" && isWhole && isListed() ? model : undefined;
  } catch {
    return undefined;
  }
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
