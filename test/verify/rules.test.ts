import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runInteger } from "../../runtime/integer/index.ts";
import { doubtFinder } from "../../runtime/verify/doubt/find-doubts.ts";
import { halvesRules, roundHalf } from "../../runtime/verify/doubt/halves.ts";
import { judgeOutputs } from "../../runtime/verify/index.ts";
import { choices, plainLayer, type Choice } from "../runtime/integer/random-choice.ts";
import { randomProgram } from "../runtime/integer/random-program.ts";
import { runWithChoices } from "./run-with-choices.ts";

/** Random networks, of which each quantizes something. */
const quantized = choices().map((choice): Choice => ({
  ...choice,
  layers: [plainLayer, ...choice.layers.slice(0, 4)],
}));
const tied = quantized.map((choice): Choice => ({ ...choice, isDyadic: true, inputBits: 3 }));

describe("rules for halves", () => {
  it("choose one of the two neighbours", () => {
    const results = halvesRules.map((rule) =>
      [-1.5, -0.5, 0.5, 1.5].map((half) => roundHalf(half, rule)[0] + 0),
    );
    expect(results).toEqual([
      [-2, 0, 0, 2],
      [-1, 0, 1, 2],
      [-2, -1, 0, 1],
      [-2, -1, 1, 2],
      [-1, 0, 0, 1],
    ]);
    expect(roundHalf(2.5, "either")).toEqual([2, 3]);
  });

  it("give an engine's outputs that has one, and `even` the integer executor's", () => {
    fc.assert(
      fc.property(tied, fc.constantFrom(...halvesRules), (choice, rule) => {
        const { program, weights, input } = randomProgram(choice, 2);
        const roundTie = (quotient: number) => roundHalf(quotient, rule)[0];
        const { output } = runWithChoices(program.deploy, weights, input, { roundTie });
        const { low, high } = doubtFinder(program.deploy, weights)(input, rule);
        expect(high).toEqual(low);
        expect(low.data.every((number, i) => number === output.data[i])).toBe(true);
        if (rule !== "even") return;
        const exact = runInteger(program.deploy, weights, input).output;
        expect(low.data.every((number, i) => number === exact.data[i])).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("explain whatever an engine that has one gives, in networks full of ties", async () => {
    let explained = 0;
    const rule = fc.constantFrom(...halvesRules);
    await fc.assert(
      fc.asyncProperty(tied, rule, rule, async (choice, one, other) => {
        const { program, weights, input } = randomProgram(choice, 2);
        const [a, b] = [one, other].map((each) => {
          const roundTie = (quotient: number) => roundHalf(quotient, each)[0];
          return runWithChoices(program.deploy, weights, input, { roundTie }).output;
        });
        const verdict = await judgeOutputs({ program, deployed: weights }, input, a!, b!);
        if (verdict.kind !== "bits") throw new Error(`a verdict of kind ${verdict.kind}`);
        expect(verdict.explained).toBe(verdict.differing);
        explained += verdict.explained;
      }),
      { numRuns: 40 },
    );
    expect(explained).toBeGreaterThan(100);
  });

  it("explain nothing of a network without ties", async () => {
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(quantized, fc.nat(), async (choice, seed) => {
        const random = randomProgram({ ...choice, isDyadic: false }, 2);
        const { program, weights, input } = random;
        const exact = runWithChoices(program.deploy, weights, input);
        fc.pre(exact.ties.length === 0);
        // One level too high, wherever it is.
        let count = seed % 500;
        const round = (quotient: number) => (count-- === 0 ? Math.round(quotient) + 1 : undefined);
        const { output } = runWithChoices(program.deploy, weights, input, { round });
        const deployment = { program, deployed: weights };
        const verdict = await judgeOutputs(deployment, input, exact.output, output);
        if (verdict.kind !== "bits") throw new Error(`a verdict of kind ${verdict.kind}`);
        differing += verdict.differing;
        expect(verdict.explained).toBe(0);
        expect(verdict.isVerified).toBe(verdict.differing === 0);
      }),
      { numRuns: 40 },
    );
    expect(differing).toBeGreaterThan(100);
  });
});
