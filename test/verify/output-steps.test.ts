import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outputSteps } from "../../runtime/verify/output-steps.ts";
import { choices, plainLayer } from "../runtime/integer/random-choice.ts";
import { randomProgram } from "../runtime/integer/random-program.ts";
import { runWithChoices } from "./run-with-choices.ts";

describe("the step of an output", () => {
  it("is the most by which one level in the last quantizer moves it", () => {
    let moved = 0;
    fc.assert(
      fc.property(choices(), fc.nat(), (choice, seed) => {
        // Behind these layers no further quantizer stands.
        const tail = choice.layers.filter(({ kind }) => !["conv", "concat"].includes(kind));
        const isLinear = tail.every(({ kind }) => !["residual", "difference"].includes(kind));
        fc.pre(isLinear);
        const layers = [{ ...plainLayer, widen: 2 as const }, ...tail];
        const { program, weights, input } = randomProgram({ ...choice, layers, hasHead: false }, 1);
        const { deploy } = program;
        const exact = runWithChoices(deploy, weights, input).output;
        const at = seed % input.data.length;
        const round = (quotient: number, { index }: { index: number }) =>
          index === at ? Math.floor(quotient) : undefined;
        const up = (quotient: number, { index }: { index: number }) =>
          index === at ? Math.floor(quotient) + 1 : undefined;
        const [a, b] = [round, up].map(
          (one) => runWithChoices(deploy, weights, input, { round: one, roundTie: one }).output,
        );
        const steps = outputSteps(deploy, weights);
        expect(exact.shape.at(-1)).toBe(steps.length);
        for (const [i, number] of a!.data.entries()) {
          const distance = Math.abs(number - b!.data[i]!);
          if (distance > 0) moved++;
          expect(distance).toBeLessThanOrEqual(steps[i % steps.length]! * (1 + 1e-5) + 1e-5);
        }
      }),
      { numRuns: 100 },
    );
    expect(moved).toBeGreaterThan(100);
  });

  it("of a mean is a share of the step before it, of a sum the larger one", () => {
    const layers = [plainLayer, { ...plainLayer, kind: "residual" as const }];
    const widths = { inputBits: 4, kernelBits: 4, isDyadic: true, isSigned: false };
    const { program, weights } = randomProgram({ seed: 2, ...widths, hasHead: true, layers }, 1);
    const steps = outputSteps(program.deploy, weights);
    expect(steps).toHaveLength(5);
    expect(Math.min(...steps)).toBeGreaterThan(0);
  });
});
