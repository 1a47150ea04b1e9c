import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareOutputs,
  exportOnnx,
  optimizationLevels,
  runOnnx,
} from "../../../runtime/export/index.ts";
import { runInteger } from "../../../runtime/integer/index.ts";
import { DeployDraft } from "../integer/deploy-draft.ts";
import { runNaive } from "../integer/naive.ts";
import {
  choices,
  everyLayer,
  plainLayer,
  type Choice,
  type Layer,
} from "../integer/random-choice.ts";
import { randomProgram, type RandomProgram } from "../integer/random-program.ts";

const generator = "repqc test";

/** Differing outputs between the integer executor and onnxruntime, per optimization level. */
async function differences({ program, weights, input }: RandomProgram) {
  const { output } = runInteger(program.deploy, weights, input);
  const { bytes } = exportOnnx(program, weights, { generator });
  const counts: Record<string, number> = {};
  for (const level of optimizationLevels) {
    const got = await runOnnx(bytes, input, { level, threads: 1, batch: 2 });
    expect(got.shape).toEqual(output.shape);
    counts[level] = compareOutputs(output, got).differing;
  }
  return counts;
}

const none = { disabled: 0, basic: 0, extended: 0, all: 0 };

describe("the exact ONNX form in onnxruntime", () => {
  it("gives the integer executor's bits for random networks at every optimization level", async () => {
    await fc.assert(
      fc.asyncProperty(choices(), async (choice) => {
        expect(await differences(randomProgram(choice))).toEqual(none);
      }),
      { numRuns: 40 },
    );
  });

  it.each([2, 3, 4, 5, 6, 7, 8])("gives the integer executor's bits at %d bits", async (bits) => {
    for (const isSigned of [false, true]) {
      const widths = { inputBits: bits, kernelBits: bits };
      const choice = {
        seed: bits,
        ...widths,
        isDyadic: false,
        isSigned,
        hasHead: true,
        layers: everyLayer,
      };
      expect(await differences(randomProgram(choice))).toEqual(none);
    }
  });

  it("rounds ties as the integer executor does", async () => {
    const widths = { inputBits: 4, kernelBits: 4 };
    const choice: Choice = {
      seed: 3,
      ...widths,
      isDyadic: true,
      isSigned: false,
      hasHead: true,
      layers: everyLayer,
    };
    const random = randomProgram(choice, 8);
    const { report } = runInteger(random.program.deploy, random.weights, random.input);
    const ties = [...report.quantizers.values()].reduce(
      (sum, quantizer) => sum + quantizer.ties,
      0,
    );
    expect(ties).toBeGreaterThan(50);
    expect(await differences(random)).toEqual(none);
  });

  // onnxruntime moves a QuantizeLinear to before some operations, whose kernels may not have its type.
  it.each(["pad", "crop", "tile", "depth_to_space", "max_pool", "slice"] as const)(
    "quantizes what %s made of unsigned numbers, to few bits",
    async (kind) => {
      for (const bits of [2, 4, 8]) {
        const widths = { seed: bits, inputBits: bits, kernelBits: bits };
        const rearranged: readonly Layer[] = [plainLayer, { ...plainLayer, kind }, plainLayer];
        const choice = { ...widths, isDyadic: false, isSigned: false, hasHead: true };
        expect(await differences(randomProgram({ ...choice, layers: rearranged }))).toEqual(none);
        const pooled: readonly Layer[] = [
          plainLayer,
          { ...plainLayer, kind: "max_pool" },
          ...rearranged.slice(1),
        ];
        expect(await differences(randomProgram({ ...choice, layers: pooled }))).toEqual(none);
      }
    },
  );

  it("executes a network on features alone", async () => {
    const draft = new DeployDraft();
    const input = draft.add("input", [], { kind: "features", shape: [3] });
    const scalar = { kind: "scalar", shape: [] };
    const range = { quantizer: "lsq", bits: 4, low: -8, high: 7 };
    const step = draft.weight("head.input.step", "step", scalar, Float32Array.of(0.3));
    const x = draft.add("quantize", [input, step], { ...range, path: "head.input" });
    const type = { kind: "kernel", shape: [1, 1, 3, 2], groups: 1 };
    const taps = Float32Array.of(0.1, 0.2, -0.3, 0.7, -0.5, 0.9);
    const kernel = draft.weight("head.kernel", "kernel", type, taps);
    const vector = { kind: "vector", shape: [2] };
    const steps = draft.weight("head.kernel.step", "step", vector, Float32Array.of(0.11, 0.13));
    const k = draft.add("quantize", [kernel, steps], { ...range, path: "head.kernel" });
    const output = draft.add("conv", [x, k], { stride: 1, pads: [0, 0, 0, 0], groups: 1 });
    const data = Float32Array.of(0.5, -1, 0.7, 2, -3, 0.1);
    const random = { program: draft.program(output), weights: draft.weights };
    expect(await differences({ ...random, input: { shape: [2, 3], data } })).toEqual(none);
  });
});

describe("the other ONNX forms in onnxruntime", () => {
  it("agree with double precision sums where operands are not quantized", async () => {
    await fc.assert(
      fc.asyncProperty(
        choices(),
        fc.constantFrom("none", "input", "kernel"),
        async (choice, quantizes) => {
          // Quantizing what was rounded differently may differ by a step; dyadic numbers are added exactly instead.
          const isDyadic = quantizes === "input" || choice.isDyadic;
          const short = { ...choice, isDyadic, quantizes, layers: choice.layers.slice(0, 2) };
          const { program, weights, input } = randomProgram(short);
          const expected = runNaive(program.deploy, weights, input);
          const { bytes } = exportOnnx(program, weights, { generator });
          const level = "all";
          const got = await runOnnx(bytes, input, { level, threads: 1 });
          const scale = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          expect(compareOutputs(expected, got).largest).toBeLessThan(1e-5 * scale);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("are exact with scales in DequantizeLinear only as far as numbers are dyadic", async () => {
    const widths = { inputBits: 4, kernelBits: 4, isSigned: false, hasHead: false };
    const run = async (isDyadic: boolean) => {
      const choice: Choice = { seed: 8, ...widths, isDyadic, layers: [plainLayer, plainLayer] };
      const { program, weights, input } = randomProgram(choice);
      const { output } = runInteger(program.deploy, weights, input);
      const { bytes } = exportOnnx(program, weights, { generator, scales: "in-dequantize" });
      const got = await runOnnx(bytes, input, { level: "disabled", threads: 1 });
      return compareOutputs(output, got).differing;
    };
    expect(await run(true)).toBe(0);
    expect(await run(false)).toBeGreaterThan(0);
  });
});
