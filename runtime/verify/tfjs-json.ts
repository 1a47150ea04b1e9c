import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** A `model.json` of TensorFlow.js, as far as it is looked at. */
export interface ModelJson {
  readonly userDefinedMetadata?: Readonly<Record<string, unknown>>;
  readonly modelTopology: { readonly node: readonly NodeJson[] };
  readonly weightsManifest: readonly GroupJson[];
}

export interface NodeJson {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: unknown;
}

export interface GroupJson {
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

const text = { type: "string" };
const number = { type: "number" };

function object(properties: object, required: readonly string[] = Object.keys(properties)): object {
  return { type: "object", properties, required };
}

function list(items: object): object {
  return { type: "array", items };
}

/** Files lie beside `model.json` or below it: no path leaves the folder. */
const path = {
  type: "string",
  pattern: "^(?![\\\\/]|[A-Za-z]:)(?!(.*[\\\\/])?\\.\\.([\\\\/]|$))[^\\u0000]+$",
};

const quantization = object({ dtype: text, scale: number, min: number }, ["dtype"]);
const sizes = list({ type: "integer", minimum: 0 });
const weight = object({ name: text, shape: sizes, dtype: text, quantization }, [
  "name",
  "shape",
  "dtype",
]);
const node = object({ name: text, op: text, input: list(text), attr: { type: "object" } }, [
  "name",
  "op",
]);

const schema = object(
  {
    format: { const: "graph-model" },
    userDefinedMetadata: { type: "object" },
    modelTopology: object({ node: list(node) }),
    weightsManifest: list(object({ paths: list(path), weights: list(weight) })),
  },
  ["format", "modelTopology", "weightsManifest"],
);

let validate: ValidateFunction | undefined;

/** Nothing where the bytes are no GraphModel of TensorFlow.js, or not a whole one. */
export function readModelJson(bytes: Uint8Array | undefined): ModelJson | undefined {
  try {
    const model: unknown = JSON.parse(new TextDecoder().decode(bytes));
    validate ??= new Ajv2020({ strict: true }).compile(schema);
    return validate(model) ? (model as ModelJson) : undefined;
  } catch {
    return undefined;
  }
}
