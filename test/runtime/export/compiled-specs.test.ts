import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import type { Program } from "../../../compiler/ir/index.ts";
import { openBackend } from "../../../runtime/backends/index.ts";
import {
  compareOutputs,
  exportOnnx,
  exportTfjs,
  optimizationLevels,
  runOnnx,
  runTfjs,
} from "../../../runtime/export/index.ts";
import { runInteger } from "../../../runtime/integer/index.ts";
import { Random } from "../../../runtime/random.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { textHost } from "../../support/compile-text.ts";
import { runGraph, runTrainGraph } from "../../support/run-program.ts";

/** Pooling between blocks, in front of a mean and of the model's own input; branches that are joined; dilated promises. */
const text = `
block Atrous(d: int, stride: int = 1, groups: int = 1) => conv(3x3, dilation: d, stride: stride, groups: groups) {
  branch dense = conv(3x3) -> bn
  branch deep  = conv(1x1) -> bn -> conv(3x3) -> bn
  branch skip  = identity -> bn    when stride == 1
  then relu
}

block Joined => conv(3x3) {
  branch beside = concat(conv(3x3, out: 2) -> bn, slice(1, 2))
  branch shared = split(conv(3x3), identity) -> bn
  branch turned = flip(conv(3x3) -> conv(1x1)) -> bn
  then relu
}

model Net() {
  input image: image[8, 7, 2]
  stem = image -> max_pool(2x2) -> conv(3x3, out: 4) -> relu -> max_pool(3x3, stride: 2)
  wide = stem -> Atrous(4, 2) -> Atrous(4, 3, groups: 4)
  body = wide -> Joined(4) -> max_pool(3x1) -> Joined(4)
  skip = body + (body -> max_pool(3x1)) + stem -> relu
  thin = skip -> Atrous(4, 2, stride: 2) -> Atrous(4, 3, stride: 2, groups: 2)
  output (skip -> max_pool(2x2) -> global_avg) + (thin -> global_avg) -> dense(3)
}

quant Merged(bits: int) {
  weights:     lsq(bits: bits, per: channel)
  activations: lsq(bits: bits, per: tensor)
}

quant Sums(bits: int) {
  weights:     lsq(bits: bits)
  activations: lsq(bits: bits)
  sums:        lsq(bits: 8)
}

quant OffsetSums(bits: int) {
  weights:     lsq(bits: bits)
  activations: lsq_plus(bits: bits)
  sums:        lsq_plus(bits: bits, signed: true)
  at **.sum2 { sums: minmax(bits: 5) }
}

quant Offset(bits: int) {
  weights:     lsq_plus(bits: bits)
  activations: lsq_plus(bits: bits, signed: true)
}

quant Range(bits: int) {
  weights:     minmax(bits: bits)
  activations: minmax(bits: bits)
}
`;

function compileNet(policy: string): Program {
  const request = { file: "sample.repq", entry: "Net", policy };
  const { program, diagnostics } = compile(request, textHost(text));
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}

function randomWeights(program: Program, random: Random): Map<string, HostTensor> {
  return new Map(
    program.weights.map(({ path, shape, role }) => {
      const draw = () => {
        if (role === "step") return random.uniform(0.05, 0.3);
        return path.endsWith("variance") ? random.uniform(0.5, 2) : random.normal(0, 0.5);
      };
      const length = shape.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length }, draw);
      // The step of an input, with a zero point behind it.
      if (/(input|left|right)\.step$/.test(path) && length === 2) data[1] = random.uniform(0.3, 4);
      return [path, { shape, data }];
    }),
  );
}

describe("a compiled spec with pooling, joins and dilations", () => {
  beforeAll(async () => void (await openBackend("wasm", { threads: 1 })));

  it.each([
    "Merged(2)",
    "Merged(4)",
    "Merged(5)",
    "Merged(8)",
    "Offset(2)",
    "Offset(4)",
    "Offset(8)",
    "Sums(4)",
    "Sums(8)",
    "OffsetSums(4)",
    "OffsetSums(8)",
    "Range(3)",
    "Range(8)",
  ])(
    "gives the same bits in training's evaluation, integers, GraphModel and onnxruntime under %s",
    async (policy) => {
      const program = compileNet(policy);
      const random = Random.fromSeed(policy.length);
      const weights = randomWeights(program, random);
      const data = Float32Array.from({ length: 3 * 8 * 7 * 2 }, () => random.normal(0, 1));
      const input = { shape: [3, 8, 7, 2], data };
      const deployed = (await runGraph(program.merge, "eval", weights)).outputs;
      const { output } = runInteger(program.deploy, deployed, input);
      const trained = await runTrainGraph(program, "eval", weights, input);
      expect(new Set(output.data).size).toBeGreaterThan(1);
      expect(compareOutputs(output, trained).differing).toBe(0);
      const { files } = exportTfjs(program, deployed, { generator: "repqc test" });
      expect(compareOutputs(output, await runTfjs(files, input)).differing).toBe(0);
      const { bytes } = exportOnnx(program, deployed, { generator: "repqc test" });
      for (const level of optimizationLevels) {
        const got = await runOnnx(bytes, input, { level, threads: 1 });
        expect(compareOutputs(output, got)).toMatchObject({ differing: 0 });
      }
    },
  );
});
