import { describe, expect, it } from "vitest";
import { exportTfjs, modelFile } from "../../../runtime/export/index.ts";
import type { NodeDef } from "../../../runtime/export/tfjs/node-def.ts";
import { shardsOf } from "../../../runtime/export/tfjs/shards.ts";
import type { WeightEntry } from "../../../runtime/export/tfjs/stored-weight.ts";
import { quantize } from "../../../runtime/integer/index.ts";
import { everyLayer, plainLayer, type Choice } from "../integer/random-choice.ts";
import { randomProgram } from "../integer/random-program.ts";

interface ModelJson {
  readonly format: string;
  readonly generatedBy: string;
  readonly signature: Record<"inputs" | "outputs", Record<string, unknown>>;
  readonly userDefinedMetadata: Record<string, string>;
  readonly modelTopology: { readonly node: readonly NodeDef[] };
  readonly weightsManifest: readonly { paths: string[]; weights: WeightEntry[] }[];
}

const choice: Choice = {
  seed: 11,
  inputBits: 4,
  kernelBits: 4,
  isDyadic: false,
  isSigned: false,
  hasHead: true,
  layers: [
    { ...plainLayer, widen: 2 },
    { ...plainLayer, kind: "residual" },
  ],
};

const generator = "repqc 0.1.0";

function exported(change: Partial<Choice> = {}, metadata: Record<string, string> = {}) {
  const random = randomProgram({ ...choice, ...change });
  const model = exportTfjs(random.program, random.weights, { generator, metadata });
  const json = JSON.parse(new TextDecoder().decode(model.files.get(modelFile))) as ModelJson;
  const [group] = json.weightsManifest;
  return { ...random, model, json, paths: group!.paths, entries: group!.weights };
}

function bytesOf({ quantization, shape }: WeightEntry): number {
  const each = quantization ? { uint8: 1, uint16: 2 }[quantization.dtype] : 4;
  return each * shape.reduce((a, b) => a * b, 1);
}

describe("an exported GraphModel", () => {
  it("says what it is and where it comes from", () => {
    const { json } = exported({}, { "repqc.sha256.x.repq": "abc" });
    expect(json).toMatchObject({ format: "graph-model", generatedBy: generator });
    expect(json.userDefinedMetadata).toEqual({
      "repqc.source": "specs/random.repq",
      "repqc.entry": "Random",
      "repqc.policy": "random",
      "repqc.generator": generator,
      "repqc.sha256.x.repq": "abc",
    });
  });

  it("has NHWC input and output with a dynamic batch", () => {
    const { signature } = exported().json;
    const dims = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });
    expect(signature.inputs["input"]).toMatchObject({
      name: "input:0",
      tensorShape: dims(-1, 6, 5, 4),
    });
    expect(signature.outputs["output"]).toMatchObject({
      name: "output:0",
      tensorShape: dims(-1, 5),
    });
  });

  it("defines every name once and before its use", () => {
    const { json, entries } = exported({ layers: everyLayer });
    const defined = new Set<string>();
    for (const { name, input = [] } of json.modelTopology.node) {
      for (const one of input) expect(defined).toContain(one.replace(/:\d+$/, ""));
      expect(defined).not.toContain(name);
      defined.add(name);
    }
    expect(defined).toContain("output");
    const constants = json.modelTopology.node.filter(({ op }) => op === "Const");
    expect(constants.map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
  });

  it("stores kernels as levels, a byte each, that a loader turns into the levels", () => {
    const { model, entries, paths, weights } = exported();
    const at = entries.findIndex(({ name }) => name === "s.0.kernel");
    const { shape, quantization } = entries[at]!;
    expect(shape).toEqual([3, 3, 4, 8]);
    expect(quantization).toEqual({ dtype: "uint8", scale: 1, min: -8 });
    const start = entries.slice(0, at).reduce((sum, entry) => sum + bytesOf(entry), 0);
    const stored = model.files.get(paths[0]!)!.subarray(start, start + 288);
    const step = weights.get("s.0.kernel.step")!.data;
    const range = { low: -8, high: 7 };
    const { levels } = quantize(weights.get("s.0.kernel")!, step, range, "s.0.kernel").value;
    expect(Array.from(stored, (byte) => byte - 8)).toEqual(Array.from(levels));
  });

  it("counts its bytes", () => {
    const { model, program, entries } = exported();
    const all = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    expect(model.weightBytes.stored).toBe(all);
    expect(model.files.get("group1-shard1of1.bin")).toHaveLength(all);
    const numbers = program.deployed
      .filter(({ role }) => role !== "step")
      .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
    expect(model.weightBytes.float).toBe(4 * numbers);
  });

  it("has files of 4 MiB at most, of which every byte counts once", () => {
    const bytes = Uint8Array.from({ length: 9 * 2 ** 20 + 3 }, (_, i) => i % 251);
    const entry = { name: "kernel", shape: [bytes.length], dtype: "float32" } as const;
    const halves = [bytes.subarray(0, 77), bytes.subarray(77)];
    const shards = shardsOf(halves.map((half) => ({ entry, bytes: half })));
    expect([...shards.keys()]).toEqual([1, 2, 3].map((n) => `group1-shard${n}of3.bin`));
    expect([...shards.values()].map(({ length }) => length)).toEqual([
      2 ** 22,
      2 ** 22,
      2 ** 20 + 3,
    ]);
    expect(Buffer.compare(Buffer.concat([...shards.values()]), bytes)).toBe(0);
  });

  it("has no quantizers in floating point", () => {
    const { json, entries } = exported({ quantizes: "none" });
    const ops = new Set(json.modelTopology.node.map(({ op }) => op));
    for (const op of ["Round", "ClipByValue", "RealDiv"]) expect(ops).not.toContain(op);
    expect(ops).toContain("Mean");
    expect(entries.every(({ quantization }) => quantization === undefined)).toBe(true);
  });

  it("is the same to the byte each time", () => {
    expect(exported().model.files).toEqual(exported().model.files);
  });

  it("is refused for weights that do not fit", () => {
    const { program, weights } = randomProgram(choice);
    const broken = new Map(weights);
    broken.delete("s.0.bias");
    expect(() => exportTfjs(program, broken, { generator })).toThrow(/s\.0\.bias is missing/);
    const scalar = { shape: [], data: Float32Array.of(-1) };
    broken.set("s.0.bias", weights.get("s.0.bias")!).set("s.0.input.step", scalar);
    expect(() => exportTfjs(program, broken, { generator })).toThrow(/step at s\.0\.input is -1/);
  });

  it("names an instruction that it has no form for, with its path", () => {
    const { program, weights } = randomProgram(choice);
    const instructions = program.deploy.instructions.map((one) =>
      one.op === "relu" ? { ...one, op: "wobble" } : one,
    );
    const strange = { ...program, deploy: { ...program.deploy, instructions } };
    expect(() => exportTfjs(strange, weights, { generator })).toThrow(
      "wobble at s.0 has no form in a GraphModel",
    );
  });
});
