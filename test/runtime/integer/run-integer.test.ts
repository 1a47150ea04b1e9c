import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareOutputs } from "../../../runtime/export/index.ts";
import { runInteger } from "../../../runtime/integer/index.ts";
import { runNaive } from "./naive.ts";
import { choices, randomProgram } from "./random-program.ts";

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
});
