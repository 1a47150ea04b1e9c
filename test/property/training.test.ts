import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { ArrayMap } from "../../compiler/algebra/array-maps.ts";
import type { ReferenceRun } from "../../compiler/ir/index.ts";
import { runBranches } from "../../compiler/ir/index.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { runGradients, type Gradients } from "../../runtime/train/index.ts";
import { compileText } from "../support/compile-text.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { randomBlocks, type RandomBlock } from "../support/random-block.ts";
import { drawInput, drawWeights, ordinary, reading } from "../support/random-weights.ts";
import { hostMap, hostWeights } from "../support/run-program.ts";
import { foundBefore } from "./found-before.ts";

const blocks = randomBlocks({ isDyadic: false, least: 3, most: 5 });
const batch = 3;
const momentum = 0.1;

/** Output and updated statistics against the reference, which measures the branches in float64. */
function holdForward(
  { output, measured }: ReferenceRun,
  weight: (path: string) => Float64Array,
  step: Gradients,
): void {
  const scale = Math.max(0.3, magnitude(output.data));
  expect(distance(step.output.data, output.data), "output").toBeLessThan(1e-5 * scale);
  for (const [path, { mean, variance, count }] of measured) {
    const follow = (name: string, batchValue: Float64Array) =>
      weight(`${path}.${name}`).map(
        (running, channel) => (1 - momentum) * running + momentum * batchValue[channel]!,
      );
    const unbiased = variance.map((biased) => (biased * count) / (count - 1));
    const expected = { mean: follow("mean", mean), variance: follow("variance", unbiased) };
    for (const [name, numbers] of Object.entries(expected)) {
      const tolerance = 1e-5 * (magnitude(numbers) + Math.sqrt(magnitude(variance)));
      const updated = step.updates.get(`${path}.${name}`);
      expect(distance(updated!.data, numbers), `${path}.${name}`).toBeLessThanOrEqual(tolerance);
    }
  }
  expect(step.updates.size).toBe(2 * measured.size);
}

function gradientsOf({ weights, input }: Gradients): ReadonlyMap<string, ArrayLike<number>> {
  const byPath = [...weights].map(([path, { data }]) => [path, data] as const);
  return new Map([...byPath, ["input", input.data]]);
}

/** An input so near to another that in exact arithmetic only an ill-conditioned block would tell them apart. */
function nudged(x: ArrayMap): ArrayMap {
  return {
    ...x,
    data: x.data.map((value, index) => value * (1 + (index % 3 === 0 ? 4e-6 : -4e-6))),
  };
}

/**
 * Gradients of two forms. What a normalization makes indifferent, such as a bias in front of it, has a gradient of zero that is a sum of large
 * terms: so rounding is held against the largest gradient of the block as well as against the tensor's own; and where a block is ill-conditioned,
 * against what a last digit of the input changes.
 */
function holdGradients(actual: Gradients, expected: Gradients, atNudged: Gradients): void {
  const [found, wanted, near] = [actual, expected, atNudged].map(gradientsOf);
  const largest = Math.max(...[...wanted!.values()].map(magnitude));
  expect([...found!.keys()]).toEqual([...wanted!.keys()]);
  for (const [path, gradient] of wanted!) {
    const sensitivity = distance(near!.get(path)!, gradient);
    const tolerance = 5e-5 * (magnitude(gradient) + largest) + 3 * sensitivity;
    expect(distance(found!.get(path)!, gradient), path).toBeLessThanOrEqual(tolerance);
  }
}

describe.each(["wasm", "cpu"] as const)(
  "one training step on %s, statistics of the batch",
  (backend) => {
    beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

    it("X * M(X, W) + b equals the branches: output, statistics, gradients", async () => {
      await fc.assert(
        fc.asyncProperty(blocks, async (block) => {
          const { program, island } = compileText(block, "branches");
          const numbers = drawWeights(program.weights, ordinary, block.seed);
          const x = drawInput(block.shape, batch, ordinary, block.seed);
          const [weights, input] = [hostWeights(program, numbers), hostMap(x)];
          const weight = reading(numbers);
          const reference = runBranches(island, x, weight, "batch");
          const { height, width, channels } = reference.output;
          const probe = hostMap(
            drawInput([height, width, channels], batch, ordinary, block.seed + 2),
          );
          const branches = await runGradients(program, weights, input, probe);
          const near = await runGradients(program, weights, hostMap(nudged(x)), probe);
          holdForward(reference, weight, branches);
          for (const form of ["folded", "merged"] as const) {
            const { program: formed } = compileText(block, form);
            const step = await runGradients(formed, weights, input, probe);
            holdForward(reference, weight, step);
            holdGradients(step, branches, near);
          }
        }),
        { numRuns: 25, examples: [...foundBefore], interruptAfterTimeLimit: 45_000 },
      );
    });
  },
);

describe("the comparison can fail", () => {
  const block: RandomBlock = {
    text: "block Sample => conv(3x3) {\n  branch a = conv(3x3) -> bn\n  branch b = bn\n}",
    entry: "Sample(2)",
    shape: [4, 4, 2],
    stride: 1,
    seed: 3,
  };

  it("for statistics that leave the border out, in output and in gradients", async () => {
    await openBackend("cpu");
    const { program, island } = compileText(block, "merged");
    const numbers = drawWeights(program.weights, ordinary, block.seed);
    const x = drawInput(block.shape, batch, ordinary, block.seed);
    const [weights, weight] = [hostWeights(program, numbers), reading(numbers)];
    const probe = hostMap(drawInput([4, 4, 2], batch, ordinary, block.seed + 2));
    const right = await runGradients(program, weights, hostMap(x), probe);
    const near = await runGradients(program, weights, hostMap(nudged(x)), probe);
    const instructions = program.train.instructions.map((instruction) =>
      instruction.op === "statistics" && instruction.args.length > 3
        ? { ...instruction, attributes: { ...instruction.attributes, pads: [0, 0, 0, 0] } }
        : instruction,
    );
    const mistaken = { ...program, train: { ...program.train, instructions } };
    const wrong = await runGradients(mistaken, weights, hostMap(x), probe);
    const reference = runBranches(island, x, weight, "batch");
    expect(() => holdForward(reference, weight, right)).not.toThrow();
    expect(() => holdForward(reference, weight, wrong)).toThrow(/output/);
    expect(() => holdGradients(right, right, near)).not.toThrow();
    expect(() => holdGradients(wrong, right, near)).toThrow(/kernel|input/);
  });
});
