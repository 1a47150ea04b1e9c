import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runInteger } from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { doubtFinder, type DoubtfulOutputs } from "../../runtime/verify/doubt/find-doubts.ts";
import { DeployDraft } from "../runtime/integer/deploy-draft.ts";
import { choices, type Choice } from "../runtime/integer/random-choice.ts";
import { randomProgram } from "../runtime/integer/random-program.ts";
import { runWithChoices, type Tie } from "./run-with-choices.ts";

/** Random networks in which many quotients lie on ties. */
const tied = choices().map((choice): Choice => ({ ...choice, isDyadic: true, inputBits: 3 }));

function expectWithin(
  { low, high, doubtOf }: DoubtfulOutputs,
  other: HostTensor,
  exact: HostTensor,
) {
  expect(other.shape).toEqual(low.shape);
  const wrong = Array.from(other.data, (number, i) => ({ i, number })).filter(
    ({ i, number }) =>
      !(low.data[i]! <= number && number <= high.data[i]!) ||
      (number !== exact.data[i] && doubtOf(i) === undefined),
  );
  expect(wrong).toEqual([]);
}

describe("doubts", () => {
  it("contain every output that any choice of rounding ties gives, and mark what it changes", () => {
    let flipped = 0;
    fc.assert(
      fc.property(tied, fc.nat(), (choice, seed) => {
        const { program, weights, input } = randomProgram(choice, 2);
        const { deploy } = program;
        const found = doubtFinder(deploy, weights)(input);
        const exact = runInteger(deploy, weights, input).output;
        expectWithin(found, exact, exact);
        const { ties } = runWithChoices(deploy, weights, input);
        for (let i = 0; i < Math.min(ties.length, 4); i++) {
          const chosen = ties[(seed + i * 7919) % ties.length]!;
          const roundTie = (quotient: number, { path, index }: Tie) =>
            path === chosen.path && index === chosen.index ? oddOf(quotient) : undefined;
          const other = runWithChoices(deploy, weights, input, { roundTie }).output;
          if (other.data.some((number, at) => number !== exact.data[at])) flipped++;
          expectWithin(found, other, exact);
        }
        for (const roundTie of [Math.floor, Math.ceil, oddOf])
          expectWithin(found, runWithChoices(deploy, weights, input, { roundTie }).output, exact);
      }),
      { numRuns: 40 },
    );
    expect(flipped).toBeGreaterThan(20);
  });

  it("are none where nothing lies on a tie", () => {
    fc.assert(
      fc.property(choices(), (choice) => {
        const { program, weights, input } = randomProgram({ ...choice, isDyadic: false }, 2);
        const { ties } = runWithChoices(program.deploy, weights, input);
        fc.pre(ties.length === 0);
        const { low, high, doubtOf } = doubtFinder(program.deploy, weights)(input);
        expect(high).toEqual(low);
        expect(low).toEqual(runInteger(program.deploy, weights, input).output);
        expect(doubtOf(0)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it("are told with the place of the tie, and reach as far as the kernel does", () => {
    const { program, weights } = oneConvolution({ width: 7, taps: [1, 0, -2] });
    // Step 1: 2.5 at column 3 is the only tie.
    const input = { shape: [1, 1, 7, 1], data: Float32Array.of(0, 1, 2, 2.5, 3, 2, 1) };
    const { low, high, doubtOf } = doubtFinder(program.deploy, weights)(input);
    const doubt = { kind: "tie", path: "s.0.input", position: [0, 0, 3, 0], value: 2.5 };
    const marked = Array.from(low.data, (_, i) => doubtOf(i));
    // The middle tap is zero; the others reach one column to either side.
    const none = undefined;
    expect(marked).toEqual([none, none, doubt, none, doubt, none, none]);
    expect([...low.data]).toEqual([-2, -4, -5, -4, -2, 1, 2]);
    expect([...high.data]).toEqual([-2, -4, -3, -4, -1, 1, 2]);
  });

  it("do not outlive a quantizer that absorbs them, nor a maximum that hides them", () => {
    const draft = new DeployDraft();
    const input = draft.add("input", [], { kind: "map", shape: [1, 2, 1] });
    const pooled = draft.add("max_pool", [quantized(draft, input, "s.0", 1)], {
      size: [1, 2],
      stride: 1,
      pads: [0, 0, 0, 0],
    });
    const program = draft.program(pooled);
    const find = doubtFinder(program.deploy, draft.weights);
    const hidden = find({ shape: [1, 1, 2, 1], data: Float32Array.of(2.5, 5) });
    expect(hidden.doubtOf(0)).toBeUndefined();
    const seen = find({ shape: [1, 1, 2, 1], data: Float32Array.of(4.5, 5.5) });
    expect(seen.doubtOf(0)).toMatchObject({ position: [0, 0, 1, 0], value: 5.5 });
    expect([seen.low.data[0], seen.high.data[0]]).toEqual([5, 6]);
  });

  it("contain the sums beyond 2^24 of an engine that adds in float32, in any order", () => {
    let differing = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 9, maxLength: 9 }),
        fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: 5, maxLength: 5 }),
        fc.nat(),
        (numbers, taps, seed) => {
          const { program, weights } = oneConvolution({ width: 9, taps, bits: 16 });
          const input = { shape: [1, 1, 9, 1], data: Float32Array.from(numbers) };
          const exact = runInteger(program.deploy, weights, input).output;
          const addInFloat32 = (terms: number) =>
            Array.from({ length: terms }, (_, i) => i).toSorted(
              (a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5),
            );
          const { output } = runWithChoices(program.deploy, weights, input, { addInFloat32 });
          if (output.data.some((number, i) => number !== exact.data[i])) differing++;
          const found = doubtFinder(program.deploy, weights)(input);
          expectWithin(found, output, exact);
          expectWithin(found, exact, exact);
        },
      ),
      { numRuns: 200 },
    );
    expect(differing).toBeGreaterThan(20);
  });

  it("name the sum that may have been rounded on the way", () => {
    const { program, weights } = oneConvolution({ width: 1, taps: [30000], bits: 16 });
    const find = (number: number) =>
      doubtFinder(
        program.deploy,
        weights,
      )({
        shape: [1, 1, 1, 1],
        data: Float32Array.of(number),
      });
    expect(find(559).doubtOf(0)).toBeUndefined(); // 16,770,000 < 2^24
    expect(find(560).doubtOf(0)).toMatchObject({
      kind: "float32",
      path: "s.0",
      position: [0, 0, 0, 0],
    });
  });

  it("come through either operand of a sum, and from the right end of a difference", () => {
    const { draft, input, sums } = oneConvolution({ width: 2, taps: [1] });
    const plain = draft.add("relu", [input]);
    const program = draft.program(draft.add("subtract", [plain, sums]));
    const find = doubtFinder(program.deploy, draft.weights);
    const { low, high, doubtOf } = find({ shape: [1, 1, 2, 1], data: Float32Array.of(2.5, 3.25) });
    expect([...low.data]).toEqual([-0.5, 0.25]);
    expect([...high.data]).toEqual([0.5, 0.25]);
    expect(doubtOf(0)).toMatchObject({ path: "s.0.input", value: 2.5 });
    expect(doubtOf(1)).toBeUndefined();
  });
});

/** The neighbour that rounding half to even does not choose. */
function oddOf(quotient: number): number {
  const below = Math.floor(quotient);
  return below % 2 === 0 ? below + 1 : below;
}

function quantized(draft: DeployDraft, value: string, path: string, step: number, bits = 4) {
  const scalar = { kind: "scalar", shape: [] };
  const id = draft.weight(`${path}.step`, "step", scalar, Float32Array.of(step));
  const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return draft.add("quantize", [value, id], { quantizer: "lsq", bits, low, high, path });
}

/** One row of one channel, steps 1. */
function oneConvolution({
  width,
  taps,
  bits = 4,
}: {
  width: number;
  taps: readonly number[];
  bits?: number;
}) {
  const draft = new DeployDraft();
  const input = draft.add("input", [], { kind: "map", shape: [1, width, 1] });
  const type = { kind: "kernel", shape: [1, taps.length, 1, 1], groups: 1 };
  const kernel = draft.weight("s.0.kernel", "kernel", type, Float32Array.from(taps));
  const levels = quantized(draft, kernel, "s.0.kernel", 1, bits);
  const x = quantized(draft, input, "s.0.input", 1, bits);
  const side = (taps.length - 1) / 2;
  const attributes = { stride: 1, pads: [0, 0, side, side], groups: 1 };
  const sums = draft.add("conv", [x, levels], attributes);
  return { draft, input, sums, program: draft.program(sums), weights: draft.weights };
}
