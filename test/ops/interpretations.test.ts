import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { arrays } from "../../compiler/algebra/arrays.ts";
import type { ArrayKernel } from "../../compiler/algebra/arrays.ts";
import type { AffineStep, Graph, ValueId } from "../../compiler/ir/index.ts";
import {
  declarationsOf,
  GraphBuilder,
  recordingAlgebra,
  weightPath,
  weightsOf,
} from "../../compiler/ir/index.ts";
import type { AnyAffineOp, Linear } from "../../compiler/ops/index.ts";
import { ops } from "../../compiler/ops/index.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { randomSteps } from "../support/random-step.ts";
import { drawWeights, dyadic, reading } from "../support/random-weights.ts";
import { hostWeights, runGraph } from "../support/run-program.ts";

const affineOps = ops.filter((op): op is AnyAffineOp => op.kind === "affine");

/** The op's statement over numbers. */
function overArrays(step: AffineStep, weight: (path: string) => Float64Array) {
  const values = Object.entries(declarationsOf(step)).map(([name, { kind, shape, groups }]) => {
    const data = weight(weightPath(step.path, name));
    const [height = 1, width = 1, inputs = 1, out = 1] = shape;
    const kernel: ArrayKernel = { height, width, in: inputs, out, groups, data };
    return [name, kind === "vector" ? data : kernel];
  });
  return step.op.affine(
    arrays,
    Object.fromEntries(values) as never,
    step.params as never,
    step,
  ) as Linear<ArrayKernel, Float64Array>;
}

/** The same statement written down as instructions. */
function recorded(step: AffineStep): Graph {
  const builder = new GraphBuilder();
  const values = Object.entries(declarationsOf(step)).map(([name, { kind, shape, groups }]) => {
    const [height = 1, width = 1, inputs = 1, out = 1] = shape;
    const type =
      kind === "vector"
        ? ({ kind, size: shape[0]! } as const)
        : ({ kind, height, width, in: inputs, out, groups } as const);
    return [name, builder.leaf("weight", type, { path: weightPath(step.path, name) })];
  });
  const linear = step.op.affine(
    recordingAlgebra(builder),
    Object.fromEntries(values) as never,
    step.params as never,
    step,
  ) as Linear<ValueId, ValueId>;
  const outputs = Object.entries(linear).filter((pair) => pair[1] !== undefined);
  return builder.finish(Object.fromEntries(outputs) as Record<string, ValueId>);
}

describe.each(affineOps.map((op) => [op.name, op] as const))("L5: %s", (_, op) => {
  beforeAll(async () => void (await openBackend("cpu")));

  it("says the same as numbers and as recorded instructions on cpu", async () => {
    await fc.assert(
      fc.asyncProperty(randomSteps(op), fc.nat(1_000_000), async (step, seed) => {
        const specs = weightsOf(step);
        const weights = drawWeights(specs, dyadic, seed);
        const { kernel, scale, bias } = overArrays(step, reading(weights));
        const expected = Object.entries({ kernel: kernel?.data, scale, bias });
        const host = hostWeights({ weights: specs }, weights);
        const { outputs } = await runGraph(recorded(step), "eval", host);
        for (const [name, numbers] of expected) {
          expect(outputs.has(name)).toBe(numbers !== undefined);
          if (!numbers) continue;
          const rounded = numbers.map(Math.fround);
          const isExact = numbers.every((number) => Number.isInteger(number * 2 ** 12));
          const bound = isExact ? 0 : 1e-6 * Math.max(1, magnitude(rounded));
          expect(distance(outputs.get(name)!.data, rounded), name).toBeLessThanOrEqual(bound);
        }
      }),
      { numRuns: 40 },
    );
  });
});
