import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareOutputs } from "../../../runtime/export/index.ts";
import {
  instructionPaths,
  InvalidStep,
  NoIntegerForm,
  runInteger,
  WrongTensor,
} from "../../../runtime/integer/index.ts";
import { roundHalfEven } from "../../../runtime/integer/round-half-even.ts";
import { DeployDraft } from "./deploy-draft.ts";
import { runNaive } from "./naive.ts";
import { choices, plainLayer, type Choice } from "./random-choice.ts";
import { randomProgram } from "./random-program.ts";

describe("integer executor", () => {
  it("computes what a naive BigInt executor computes, to the bit", () => {
    fc.assert(
      fc.property(choices(), (choice) => {
        const { program, weights, input } = randomProgram(choice, 2);
        const { output } = runInteger(program.deploy, weights, input);
        const naive = runNaive(program.deploy, weights, input);
        expect(output.shape).toEqual(naive.shape);
        expect(compareOutputs(output, naive)).toMatchObject({ differing: 0 });
      }),
      { numRuns: 150 },
    );
  });

  it("does not depend on how many examples it executes at a time", () => {
    fc.assert(
      fc.property(choices(), fc.integer({ min: 1, max: 5 }), (choice, chunk) => {
        const { program, weights, input } = randomProgram(choice, 4);
        const whole = runInteger(program.deploy, weights, input, { chunk: 4 });
        const parts = runInteger(program.deploy, weights, input, { chunk });
        expect(parts.output).toEqual(whole.output);
        expect(parts.report.tiedExamples).toEqual(whole.report.tiedExamples);
        expect([...parts.report.accumulators]).toEqual([...whole.report.accumulators]);
        expect([...parts.report.quantizers]).toEqual([...whole.report.quantizers]);
      }),
      { numRuns: 30 },
    );
  });

  it("reports its progress", () => {
    const { program, weights, input } = randomProgram(sample, 5);
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number) => void seen.push([done, total]);
    runInteger(program.deploy, weights, input, { chunk: 2, onProgress });
    expect(seen).toEqual([
      [2, 5],
      [4, 5],
      [5, 5],
    ]);
  });

  it("rounds halves to the even neighbour", () => {
    const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 254.5, 0.49999997, 0.50000006];
    expect(halves.map((value) => roundHalfEven(value) + 0)).toEqual([
      -2, -2, 0, 0, 2, 2, 254, 0, 1,
    ]);
  });
});

describe("the integer executor's report", () => {
  it("counts rounding ties and saturated values, and whose sums they were", () => {
    const { draft, output } = twoConvolutions({ bits: 4, taps: 1 });
    // Levels of the first quantizer (step 1): 1, 2, 3, 4, 7 (saturated), 2 (tie); the second one has step 2.
    const input = { shape: [2, 1, 3, 1], data: Float32Array.of(1, 2, 3, 4, 100, 2.5) };
    const { output: result, report } = runInteger(
      draft.program(output).deploy,
      draft.weights,
      input,
    );
    expect(report.quantizers.get("s.0.input")).toEqual({ values: 6, ties: 1, saturated: 1 });
    // 1/2, 3/2 and 7/2 are ties.
    expect(report.quantizers.get("s.1.input")).toEqual({ values: 6, ties: 3, saturated: 0 });
    expect(report.accumulators.get("s.0")).toMatchObject({ ties: 3, saturated: 0, outputs: 6 });
    expect(report.accumulators.get("s.0")).toMatchObject({ largest: 7, bound: 8 });
    expect(report.accumulators.get("s.1")).toMatchObject({ ties: 0, largest: 4 });
    expect([...report.tiedExamples]).toEqual([1, 1]);
    expect([...result.data]).toEqual([0, 2, 4, 4, 8, 2]);
  });

  it("marks only the examples that met a tie", () => {
    const { draft, output } = twoConvolutions({ bits: 4, taps: 1 });
    const input = { shape: [3, 1, 3, 1], data: Float32Array.of(2, 2, 2, 2, 1, 2, 4, 4, 4) };
    const { report } = runInteger(draft.program(output).deploy, draft.weights, input, { chunk: 1 });
    expect([...report.tiedExamples]).toEqual([0, 1, 0]);
  });

  it("counts sums beyond float32's integers and beyond 32 bits", () => {
    const { draft, output } = twoConvolutions({ bits: 16, taps: 30000 });
    const input = { shape: [1, 1, 3, 1], data: Float32Array.of(1, 1000, 32000) };
    const { report } = runInteger(draft.program(output).deploy, draft.weights, input);
    // 30,000; 3·10^7 > 2^24; 9.6·10^8 < 2^31.
    expect(report.accumulators.get("s.0")).toMatchObject({ beyondFloat: 2, overflowed: 0 });
    const three = twoConvolutions({ bits: 16, taps: 32767, width: 3 });
    const wider = { shape: [1, 1, 3, 1], data: new Float32Array(3).fill(32767) };
    const overflow = runInteger(
      three.draft.program(three.output).deploy,
      three.draft.weights,
      wider,
    );
    expect(overflow.report.accumulators.get("s.0")).toMatchObject({ overflowed: 1, outputs: 3 });
    expect(overflow.report.accumulators.get("s.0")?.largest).toBe(3 * 32767 * 32767);
  });
});

describe("places of values", () => {
  it("are those of the kernel's block, the quantizer, and the first argument", () => {
    const { program } = randomProgram({ ...sample, hasHead: true }, 1);
    const paths = instructionPaths(program.deploy);
    const seen = program.deploy.instructions.map(({ op, results }) => [op, paths.get(results[0]!)]);
    expect(seen).toEqual(
      expect.arrayContaining([
        ["input", "input"],
        ["weight", "s.0.kernel"],
        ["quantize", "s.0.kernel"],
        ["quantize", "s.0.input"],
        ["conv", "s.0"],
        ["relu", "s.0"],
        ["global_avg", "head.pool"],
      ]),
    );
  });

  it.each([
    [[], "input"],
    [["left"], "s.sum"],
    [["right"], "s.sum"],
    [["left", "right"], "s.sum"],
  ])("are those of a sum where it quantizes %j", (sides, expected) => {
    const draft = new DeployDraft();
    const input = draft.add("input", [], { kind: "map", shape: [1, 1, 1] });
    const operands = ["left", "right"].map((side) => {
      if (!sides.includes(side)) return draft.add("relu", [input]);
      const step = draft.weight(
        `s.sum.${side}.step`,
        "step",
        { kind: "scalar", shape: [] },
        Float32Array.of(1),
      );
      const grid = { quantizer: "lsq", bits: 8, low: 0, high: 255, per: "tensor" };
      return draft.add("quantize", [input, step], { ...grid, path: `s.sum.${side}` });
    });
    const output = draft.add("add", operands);
    expect(instructionPaths(draft.program(output).deploy).get(output)).toBe(expected);
  });

  it("are `block` where the entry is the block", () => {
    const draft = new DeployDraft();
    const input = draft.add("input", [], { kind: "map", shape: [1, 1, 1] });
    const type = { kind: "kernel", shape: [1, 1, 1, 1], groups: 1 };
    const kernel = draft.weight("kernel", "kernel", type, Float32Array.of(1));
    const attributes = { stride: 1, pads: [0, 0, 0, 0], groups: 1 };
    const output = draft.add("conv", [input, kernel], attributes);
    expect(instructionPaths(draft.program(output).deploy).get(output)).toBe("block");
  });
});

describe("the integer executor's errors", () => {
  it.each([
    ["input", "conv", ["its kernel"]],
    ["kernel", "conv", ["its input"]],
    ["none", "conv", ["its input", "its kernel"]],
  ] as const)("refuses a convolution that quantizes %s alone", (quantizes, op, operands) => {
    const { program, weights, input } = randomProgram({ ...sample, quantizes }, 1);
    const run = () => runInteger(program.deploy, weights, input);
    expect(run).toThrow(NoIntegerForm);
    expect(run).toThrow(expect.objectContaining({ path: "s.0", op, operands }));
    expect(run).toThrow(/conv at s\.0 has no integer form: .* not quantized/);
  });

  it("refuses a mean of unquantized numbers", () => {
    const draft = new DeployDraft();
    const input = draft.add("input", [], { kind: "map", shape: [2, 2, 1] });
    const { deploy } = draft.program(draft.add("global_avg", [input]));
    const run = () =>
      runInteger(deploy, draft.weights, { shape: [1, 2, 2, 1], data: new Float32Array(4) });
    expect(run).toThrow(expect.objectContaining({ name: "NoIntegerForm", op: "global_avg" }));
    expect(run).toThrow(/^global_avg behind input has no integer form: .* policy cover it,/);
  });

  it("names a missing weight, a wrong shape and a wrong input", () => {
    const { program, weights, input } = randomProgram(sample, 1);
    const missing = new Map(weights);
    missing.delete("s.0.kernel");
    expect(() => runInteger(program.deploy, missing, input)).toThrow(/s\.0\.kernel is missing/);
    missing.set("s.0.kernel", { shape: [3], data: new Float32Array(3) });
    expect(() => runInteger(program.deploy, missing, input)).toThrow(
      /s\.0\.kernel has shape \[3\]; the graph expects \[3, 3, 4, 4\]/,
    );
    const wrong = { shape: [1, 5, 6, 4], data: input.data };
    expect(() => runInteger(program.deploy, weights, wrong)).toThrow(WrongTensor);
  });

  it.each([0, -1, NaN, Infinity])("refuses the step %d", (step) => {
    const { program, weights, input } = randomProgram(sample, 1);
    const broken = new Map(weights).set("s.0.input.step", {
      shape: [],
      data: Float32Array.of(step),
    });
    expect(() => runInteger(program.deploy, broken, input)).toThrow(InvalidStep);
    expect(() => runInteger(program.deploy, broken, input)).toThrow(/step at s\.0\.input/);
  });
});

const sample: Choice = {
  seed: 1,
  inputBits: 4,
  kernelBits: 4,
  isDyadic: false,
  isSigned: false,
  hasHead: false,
  layers: [plainLayer],
};

/** Two convolutions 1 x `width` over one channel, without bias; steps 1, the second one's input step is 2, its kernel 1. */
function twoConvolutions({
  bits,
  taps,
  width = 1,
}: {
  bits: number;
  taps: number;
  width?: number;
}) {
  const draft = new DeployDraft();
  const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  const quantize = (value: string, path: string, step: number) => {
    const scalar = { kind: "scalar", shape: [] };
    const id = draft.weight(`${path}.step`, "step", scalar, Float32Array.of(step));
    return draft.add("quantize", [value, id], { quantizer: "lsq", bits, low, high, path });
  };
  const conv = (value: string, path: string, step: number, columns: number, tap: number) => {
    const type = { kind: "kernel", shape: [1, columns, 1, 1], groups: 1 };
    const data = new Float32Array(columns).fill(tap);
    const kernel = quantize(
      draft.weight(`${path}.kernel`, "kernel", type, data),
      `${path}.kernel`,
      1,
    );
    const side = (columns - 1) / 2;
    const attributes = { stride: 1, pads: [0, 0, side, side], groups: 1 };
    return draft.add("conv", [quantize(value, `${path}.input`, step), kernel], attributes);
  };
  const input = draft.add("input", [], { kind: "map", shape: [1, 3, 1] });
  const first = conv(input, "s.0", 1, width, taps);
  return { draft, output: conv(first, "s.1", 2, 1, 1) };
}
