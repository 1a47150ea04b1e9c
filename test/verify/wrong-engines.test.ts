import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import {
  EngineFailed,
  engines,
  verifyDeployment,
  type BitVerdict,
  type Deployment,
  type Engine,
} from "../../runtime/verify/index.ts";
import { DeployDraft } from "../runtime/integer/deploy-draft.ts";
import { runWithChoices, type Choices } from "./run-with-choices.ts";

beforeAll(async () => void (await openBackend("cpu")));

/** An engine that decides some things its own way. */
function engineWith(choices: Choices): Engine {
  return {
    name: "other",
    missing: async () => undefined,
    run: async ({ program, deployed }, input) =>
      runWithChoices(program.deploy, deployed, input, choices).output,
  };
}

async function judge(
  deployment: Deployment,
  input: HostTensor,
  choices: Choices,
): Promise<{ found: BitVerdict; isVerified: boolean }> {
  const { rows, isVerified } = await verifyDeployment(deployment, input, {
    engines: [engineWith(choices)],
  });
  const found = rows[0]!.found;
  if (found.kind !== "bits") throw new Error(`a verdict of kind ${found.kind}`);
  return { found, isVerified };
}

/** Two convolutions of one row of nine columns; the first has steps 1 and 1, the second 0.7 and 1, which no whole number ties with. */
function network({ first = [1, 0, -2], second = [3], bits = 8 } = {}): Deployment {
  const draft = new DeployDraft();
  const scalar = { kind: "scalar", shape: [] };
  const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  const quantize = (value: string, path: string, step: number) => {
    const id = draft.weight(`${path}.step`, "step", scalar, Float32Array.of(step));
    return draft.add("quantize", [value, id], { quantizer: "lsq", bits, low, high, path });
  };
  const conv = (value: string, path: string, step: number, taps: readonly number[]) => {
    const type = { kind: "kernel", shape: [1, taps.length, 1, 1], groups: 1 };
    const kernel = draft.weight(`${path}.kernel`, "kernel", type, Float32Array.from(taps));
    const levels = quantize(kernel, `${path}.kernel`, 1);
    const side = (taps.length - 1) / 2;
    const attributes = { stride: 1, pads: [0, 0, side, side], groups: 1 };
    return draft.add("conv", [quantize(value, `${path}.input`, step), levels], attributes);
  };
  const input = draft.add("input", [], { kind: "map", shape: [1, 9, 1] });
  const output = conv(conv(input, "s.0", 1, first), "s.1", 0.7, second);
  return { program: draft.program(output), deployed: draft.weights };
}

/** Whole numbers in rows of nine, hence no ties in the first quantizer. */
function wholeNumbers(examples: number): HostTensor {
  const data = Float32Array.from({ length: examples * 9 }, (_, i) => ((i * 7919) % 41) - 20);
  return { shape: [examples, 1, 9, 1], data };
}

const halfUp: Choices = { roundTie: (quotient) => Math.floor(quotient) + 1 };
const examples = 5_000;

describe("a verdict", () => {
  it("finds nothing where engines agree, and shows the step of an output", async () => {
    const { found, isVerified } = await judge(network(), wholeNumbers(examples), {});
    const counts = { compared: 45_000, differing: 0, explained: 0, largest: 0, largestSteps: 0 };
    expect(found).toMatchObject({ ...counts, differences: [], isTooOften: false });
    expect(isVerified).toBe(true);
  });

  it("explains what rounding a tie up instead of to even changed, with its place", async () => {
    const input = wholeNumbers(examples);
    // In the last column only the tap 0 meets it besides the one at column 7.
    input.data[3_000 * 9 + 8] = 2.5;
    const { found, isVerified } = await judge(network(), input, halfUp);
    expect(isVerified).toBe(true);
    expect(found).toMatchObject({ differing: 1, explained: 1 });
    expect(found.differences).toMatchObject([
      {
        position: [3_000, 0, 7, 0],
        doubt: { kind: "tie", path: "s.0.input", position: [3_000, 0, 8, 0], value: 2.5 },
      },
    ]);
    expect(found.differences[0]).not.toHaveProperty("unexplained");
  });

  it("does not explain an engine that rounds down what is no tie", async () => {
    const choices: Choices = {
      round: (quotient, { path, index }) =>
        path === "s.1.input" && index === 777 ? Math.floor(quotient) - 1 : undefined,
    };
    const { found, isVerified } = await judge(network(), wholeNumbers(examples), choices);
    expect(isVerified).toBe(false);
    expect(found).toMatchObject({ differing: 1, explained: 0 });
    expect(found.differences[0]!.unexplained).toBe("nothing in doubt");
  });

  it("does not let a tie excuse another number of the same output", async () => {
    const input = wholeNumbers(examples);
    input.data[8] = 2.5;
    const choices: Choices = {
      round: (quotient, { path, index }) =>
        path === "s.1.input" && index === 7 ? Math.round(quotient) + 9 : undefined,
    };
    const { found, isVerified } = await judge(network(), input, choices);
    expect(isVerified).toBe(false);
    expect(found.differences).toMatchObject([
      { position: [0, 0, 7, 0], doubt: { value: 2.5 }, unexplained: "beyond the doubt" },
    ]);
  });

  it("explains more than a step only where a rule for halves gives the very same outputs", async () => {
    // The tap of 10 levels moves the second quantizer by 14 of its steps.
    const deployment = network({ first: [0, 0, 10] });
    const input = wholeNumbers(examples);
    input.data[8] = 2.5;
    const one = await judge(deployment, input, halfUp);
    expect(one.found).toMatchObject({ differing: 1, explained: 1 });
    expect(one.found.largestSteps).toBeGreaterThan(10);
    expect(one.isVerified).toBe(true);
    input.data[6] = 4.5;
    const mixed: Choices = { roundTie: (quotient) => (quotient > 4 ? 4 : 3) };
    const both = await judge(deployment, input, mixed);
    expect(both.found.differences).toMatchObject([
      { position: [0, 0, 7, 0], doubt: { value: 2.5 } },
    ]);
    const odd: Choices = { roundTie: (quotient) => (quotient > 4 ? 5 : 2) };
    const neither = await judge(deployment, input, odd);
    expect(neither.found.differences).toMatchObject([
      { position: [0, 0, 5, 0], doubt: { value: 4.5 }, unexplained: "more than a step" },
    ]);
    expect(neither.isVerified).toBe(false);
  });

  it("does not accept explained differences that are not rare", async () => {
    const input = wholeNumbers(1_000);
    input.data[8] = 2.5;
    const { found, isVerified } = await judge(network(), input, halfUp);
    expect(found).toMatchObject({ compared: 9_000, differing: 1, explained: 1, isTooOften: true });
    expect(isVerified).toBe(false);
  });

  it("explains sums beyond 2^24 that were added in float32, and only those", async () => {
    const deployment = network({ first: [1], second: [30_001, 30_003, 29_989], bits: 16 });
    const input = wholeNumbers(examples);
    input.data.set([401, 417, 433, 456, 478, 433, 401, 467, 489], 99 * 9);
    const addInFloat32 = (terms: number) => Array.from({ length: terms }, (_, i) => i);
    const { found, isVerified } = await judge(deployment, input, { addInFloat32 });
    expect(found.differing).toBeGreaterThan(0);
    for (const { doubt, position } of found.differences) {
      expect(doubt).toMatchObject({ kind: "float32", path: "s.1", position });
    }
    expect(isVerified).toBe(true);
  });

  it("examines each difference of an engine that is wrong everywhere only up to a point", async () => {
    const choices: Choices = { round: (quotient) => Math.floor(quotient) - 1 };
    const { found, isVerified } = await judge(network(), wholeNumbers(500), choices);
    expect(isVerified).toBe(false);
    expect(found.differing).toBeGreaterThan(500);
    expect(found.differences).toHaveLength(100);
  });

  it("of a NaN is never good", async () => {
    const broken: Engine = {
      ...engineWith({}),
      run: async ({ program, deployed }, input) => {
        const { output } = runWithChoices(program.deploy, deployed, input);
        output.data[5] = NaN;
        return output;
      },
    };
    const { rows, isVerified } = await verifyDeployment(network(), wholeNumbers(10), {
      engines: [broken],
    });
    expect(isVerified).toBe(false);
    expect(rows[0]!.found).toMatchObject({ differing: 1, explained: 0, largest: Infinity });
  });

  it("tells of an engine that fails or is missing, and goes on with the others", async () => {
    const failing: Engine = {
      ...engineWith({}),
      run: () => Promise.reject(new EngineFailed("it broke")),
    };
    const short: Engine = {
      ...engineWith({}),
      run: async () => ({ shape: [1, 2], data: new Float32Array(2) }),
    };
    const missing: Engine = { ...engineWith({}), missing: async () => "it is not installed" };
    const run = (others: readonly Engine[]) =>
      verifyDeployment(network(), wholeNumbers(10), { engines: [...others, engineWith({})] });
    const failed = await run([failing, short]);
    expect(failed.rows.map(({ found }) => found)).toMatchObject([
      { kind: "failed", reason: "it broke" },
      { kind: "failed", reason: "its outputs are [1,2] instead of [10,1,9,1]" },
      { kind: "bits", differing: 0 },
    ]);
    expect(failed.isVerified).toBe(false);
    const without = await run([missing]);
    expect(without.rows[0]!.found).toEqual({ kind: "missing", reason: "it is not installed" });
    expect(without.isVerified).toBe(true);
  });

  it("is the same for parts of the examples one after another", async () => {
    const input = wholeNumbers(300);
    input.data[200 * 9 + 8] = 2.5;
    async function* parts() {
      for (const [start, end] of [
        [0, 120],
        [120, 130],
        [130, 300],
      ] as const) {
        const data = input.data.slice(start * 9, end * 9);
        yield { shape: [end - start, 1, 9, 1], data };
      }
    }
    const options = { engines: [...engines, engineWith(halfUp)] };
    const whole = await verifyDeployment(network(), input, options);
    expect(await verifyDeployment(network(), parts(), options)).toEqual(whole);
    expect(whole.integers?.quantizers.get("s.0.input")).toMatchObject({ values: 2_700, ties: 1 });
    expect(whole.rows.map(({ name, against }) => `${name}, ${against}`)).toEqual([
      "training graph, integers",
      "merged graph, integers",
      "onnxruntime, disabled, integers",
      "onnxruntime, basic, integers",
      "onnxruntime, extended, integers",
      "onnxruntime, all, integers",
      "tfjs GraphModel, integers",
      "other, integers",
    ]);
  });
});
