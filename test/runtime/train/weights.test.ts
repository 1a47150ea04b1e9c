import { describe, expect, it } from "vitest";
import { checkWeights, UnfitWeights } from "../../../runtime/check-weights.ts";
import { loadProgram } from "../../../runtime/load.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { initialWeights } from "../../../runtime/weights.ts";
import { tinyProgram } from "./tiny-program.ts";

const program = tinyProgram(true);
const steps = program.weights
  .filter(({ role }) => role === "step")
  .map(({ path, shape }) => {
    const data = new Float32Array(shape[0] ?? 1).fill(0.1);
    return [path, { shape, data }] as const;
  });
const whole = new Map<string, HostTensor>([...initialWeights(program, 1), ...steps]);

/** What is wrong with the weights after a change. */
function problemsAfter(change: (weights: Map<string, HostTensor>) => void, stepsOptional = false) {
  const weights = new Map(whole);
  change(weights);
  try {
    checkWeights(program.weights, weights, "w.safetensors", { stepsOptional });
  } catch (error) {
    expect(error).toBeInstanceOf(UnfitWeights);
    expect((error as Error).message).toContain("w.safetensors");
    return (error as UnfitWeights).problems.map(({ text }) => text);
  }
  return [];
}

const vector = (...numbers: number[]): HostTensor => ({
  shape: [numbers.length],
  data: Float32Array.from(numbers),
});

describe("checkWeights", () => {
  it("accepts the program's own", () => expect(problemsAfter(() => {})).toEqual([]));

  it("names what is missing, and what may be meant", () => {
    const problems = problemsAfter((weights) => {
      weights.set("s0.gama", weights.get("s0.gamma")!);
      weights.delete("s0.gamma");
    });
    expect(problems).toEqual([
      "`s0.gamma` [4] is missing; did the file mean `s0.gama`?",
      "`s0.gama` is no weight of the program; the nearest is `s0.gamma`",
    ]);
  });

  it("names shapes, numbers that are not finite, steps that are not positive", () => {
    const problems = problemsAfter((weights) => {
      weights.set("head.bias", vector(1, 2));
      weights.set("s0.beta", vector(0, Infinity, 0, 0));
      weights.set("s0.merged.step", vector(1, 1, 0, 1));
    });
    expect(problems).toEqual([
      "`s0.beta` holds Infinity at position 1",
      "`head.bias` has shape [2] instead of [3]",
      "`s0.merged.step` is a step, but 0 at 2 is not positive",
    ]);
  });

  it("lets steps be absent only when told so", () => {
    const drop = (weights: Map<string, HostTensor>) => void weights.delete("s0.input.step");
    expect(problemsAfter(drop).length).toBe(1);
    expect(problemsAfter(drop, true)).toEqual([]);
  });
});

describe("initialWeights", () => {
  it("follow the rules, the same for the same seed", () => {
    const kernel = (seed: number) => [...initialWeights(program, seed).get("s0.kernel")!.data];
    expect(kernel(1)).toEqual(kernel(1));
    expect(kernel(1)).not.toEqual(kernel(2));
    expect(Math.max(...kernel(1).map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(new Set(kernel(1)).size).toBe(36);
    expect([...initialWeights(program, 1).get("s0.gamma")!.data]).toEqual([1, 1, 1, 1]);
    expect(initialWeights(program, 1).has("s0.input.step")).toBe(false);
  });
});

describe("loadProgram", () => {
  it("reads back what was written", () => {
    expect(loadProgram(JSON.stringify(program), "p.json")).toEqual(program);
  });

  it.each([
    ["{", /not JSON/],
    ["[]", /not a compiled program/],
    [JSON.stringify({ ...program, version: 2 }), /version 2/],
    [JSON.stringify({ ...program, weights: undefined }), /must have required property 'weights'/],
    [
      JSON.stringify(program).replaceAll("scale_out", "scale_up"),
      /`train\/instructions\/\d+\/op` .* not `scale_up`/,
    ],
    [JSON.stringify(program).replaceAll('"args":["%0"', '"args":["%99"'), /wrong train graph/],
  ])("refuses %#", (text, message) => {
    expect(() => loadProgram(text, "p.json")).toThrow(message);
  });
});
