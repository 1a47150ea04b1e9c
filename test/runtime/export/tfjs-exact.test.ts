import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { compareOutputs, exportTfjs, runTfjs } from "../../../runtime/export/index.ts";
import { runInteger } from "../../../runtime/integer/index.ts";
import { DeployDraft } from "../integer/deploy-draft.ts";
import { runNaive } from "../integer/naive.ts";
import { choices, everyLayer, type Choice } from "../integer/random-choice.ts";
import { randomProgram, type RandomProgram } from "../integer/random-program.ts";

const generator = "repqc test";

/** Differing outputs between the integer executor and the exported GraphModel. */
async function differing({ program, weights, input }: RandomProgram): Promise<number> {
  const { output } = runInteger(program.deploy, weights, input);
  const { files } = exportTfjs(program, weights, { generator });
  const got = await runTfjs(files, input, { batch: 2 });
  expect(got.shape).toEqual(output.shape);
  return compareOutputs(output, got).differing;
}

describe.each(["wasm", "cpu"])("an exported GraphModel on %s", (backend) => {
  beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

  it("gives the integer executor's bits for every instruction", async () => {
    for (const [inputBits, kernelBits] of [
      [8, 8],
      [4, 4],
      [3, 5],
    ] as const) {
      const widths = { inputBits, kernelBits, isSigned: false, isDyadic: false, hasHead: true };
      expect(await differing(randomProgram({ ...widths, seed: 3, layers: everyLayer }))).toBe(0);
    }
  });

  it("gives the integer executor's bits for random programs", async () => {
    await fc.assert(
      fc.asyncProperty(choices(), async (choice) => {
        expect(await differing(randomProgram(choice))).toBe(0);
      }),
      { numRuns: backend === "wasm" ? 60 : 30 },
    );
  });

  it.each([1, 3])("computes features in %i groups", async (groups) => {
    const draft = new DeployDraft();
    let x = draft.add("input", [], { kind: "features", shape: [6] });
    const step = (path: string, size: number, data: Float32Array) =>
      draft.weight(
        path,
        "step",
        size > 1 ? { kind: "vector", shape: [size] } : { kind: "scalar", shape: [] },
        data,
      );
    const bounds = { quantizer: "lsq", bits: 4, low: -8, high: 7 };
    x = draft.add("quantize", [x, step("d.input.step", 1, Float32Array.of(0.13))], {
      ...bounds,
      path: "d.input",
    });
    const numbers = Float32Array.from({ length: 36 / groups }, (_, i) => Math.sin(i));
    const kernel = draft.weight(
      "d.kernel",
      "kernel",
      { kind: "kernel", shape: [1, 1, 6 / groups, 6], groups },
      numbers,
    );
    const steps = Float32Array.of(0.1, 0.2, 0.15, 0.11, 0.3, 0.07);
    const levels = draft.add("quantize", [kernel, step("d.kernel.step", 6, steps)], {
      ...bounds,
      path: "d.kernel",
    });
    const output = draft.add("conv", [x, levels], { stride: 1, pads: [0, 0, 0, 0], groups });
    const program = draft.program(output);
    const input = {
      shape: [3, 6],
      data: Float32Array.from({ length: 18 }, (_, i) => Math.cos(3 * i)),
    };
    expect(await differing({ program, weights: draft.weights, input })).toBe(0);
  });

  it("comes near to double precision sums where operands are not quantized", async () => {
    await fc.assert(
      fc.asyncProperty(
        choices(),
        fc.constantFrom("none", "input", "kernel"),
        async (choice: Choice, quantizes) => {
          // Quantizing what was rounded differently may differ by a step; dyadic numbers are added exactly instead.
          const isDyadic = quantizes === "input" || choice.isDyadic;
          const short = { ...choice, isDyadic, quantizes, layers: choice.layers.slice(0, 2) };
          const { program, weights, input } = randomProgram(short);
          const expected = runNaive(program.deploy, weights, input);
          const { files } = exportTfjs(program, weights, { generator });
          const got = await runTfjs(files, input);
          const scale = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          expect(compareOutputs(expected, got).largest).toBeLessThan(1e-5 * scale);
        },
      ),
      { numRuns: 20 },
    );
  });
});
