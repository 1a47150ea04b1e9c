import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import { exportOnnx, exportTfjs } from "../../runtime/export/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import {
  compareContents,
  engines,
  onnxContents,
  tfjsContents,
  verifyDeployment,
  type Engine,
} from "../../runtime/verify/index.ts";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, OperatorSetIdProtoSchema, type ModelProto } from "onnx-buf";
import { plainLayer } from "../runtime/integer/random-choice.ts";
import { randomProgram } from "../runtime/integer/random-program.ts";

beforeAll(async () => void (await openBackend("cpu")));

const widths = { seed: 5, inputBits: 8, kernelBits: 8, isDyadic: false, isSigned: false };
const { program, weights, input } = randomProgram(
  { ...widths, hasHead: false, layers: [plainLayer] },
  2,
);
const deployment = { program, deployed: weights };
const generator = "repqc test";
const onnx = exportOnnx(program, weights, { generator }).bytes;
const tfjs = exportTfjs(program, weights, { generator }).files;

const absent: Engine = { name: "absent", missing: async () => "it is not here", run: neverRun };
/** Said to execute files, and missing. */
const absentOnnx: Engine = { ...absent, executes: "onnx" };

async function neverRun(): Promise<HostTensor> {
  throw new Error("a missing engine was run");
}

async function* nothing(): AsyncGenerator<HostTensor> {}

describe("a verification", () => {
  it.each([
    ["no engine is named", [], input],
    ["no engine is here", [absent], input],
    ["there are no inputs", engines, nothing()],
  ])("verifies nothing where %s", async (_, named, inputs) => {
    const { isVerified } = await verifyDeployment(deployment, inputs, { engines: named });
    expect(isVerified).toBe(false);
  });

  it("is none of a file that no engine executed, whatever the others say", async () => {
    const others = engines.filter(({ executes }) => executes === undefined);
    const verify = async (given: object, named: readonly Engine[]) =>
      (await verifyDeployment({ ...deployment, ...given }, input, { engines: named })).isVerified;
    expect(await verify({}, others)).toBe(true);
    expect(await verify({}, [...others, absentOnnx])).toBe(true);
    expect(await verify({ onnx }, others)).toBe(false);
    expect(await verify({ onnx }, [...others, absentOnnx])).toBe(false);
    expect(await verify({ tfjs }, [...others, absentOnnx])).toBe(false);
    expect(await verify({ tfjs }, engines)).toBe(true);
    expect(await verify({ onnx }, engines)).toBe(true);
  });
});

/** What is found of an ONNX file that was changed. */
function changesOf(change: (model: ModelProto) => void) {
  const model = fromBinary(ModelProtoSchema, onnx);
  change(model);
  const bytes = toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
  return compareContents(onnxContents(bytes)!, onnxContents(onnx)!);
}

describe("contents of a model", () => {
  const graph = { constants: [], isGraphChanged: true };
  const same = { constants: [], isGraphChanged: false };

  it.each<[string, (model: ModelProto) => void]>([
    ["an attribute", ({ graph: own }) => void (own!.node.find(isConv)!.attribute.length = 0)],
    ["a domain", ({ graph: own }) => void (own!.node[0]!.domain = "com.example")],
    ["the opset", ({ opsetImport }) => void (opsetImport[0]!.version = 13n)],
    [
      "another opset",
      ({ opsetImport }) =>
        void opsetImport.push(create(OperatorSetIdProtoSchema, { domain: "x", version: 1n })),
    ],
    ["an output", ({ graph: own }) => void (own!.output[0]!.name = own!.node[0]!.output[0]!)],
    ["an input", ({ graph: own }) => void (own!.input[0]!.name = "other")],
  ])("differ in ONNX by %s", (_, change) => {
    expect(changesOf(change)).toEqual(graph);
  });

  it("are the same where a file only says other things of itself", () => {
    expect(changesOf((model) => void (model.docString = "mine"))).toEqual(same);
    const turned = ({ graph: own }: ModelProto) => {
      const conv = own!.node.find(isConv)!;
      conv.attribute = conv.attribute.toReversed();
    };
    expect(changesOf(turned)).toEqual(same);
  });

  it("differ in TensorFlow.js by an attribute and by the signature", () => {
    const json = tfjs.get("model.json")!;
    const fresh = tfjsContents(tfjs)!;
    const changed = (from: string, to: string) => {
      const text = new TextDecoder().decode(json);
      expect(text).toContain(from);
      const bytes = new TextEncoder().encode(text.replace(from, to));
      return compareContents(tfjsContents(new Map([...tfjs, ["model.json", bytes]]))!, fresh);
    };
    expect(changed('"dilations"', '"dilation"')).toEqual(graph);
    expect(changed('"outputs":{"output"', '"outputs":{"other"')).toEqual(graph);
    expect(changed(`"generatedBy":"${generator}"`, '"generatedBy":"me"')).toEqual(same);
  });
});

function isConv({ opType }: { readonly opType: string }): boolean {
  return opType === "Conv";
}
