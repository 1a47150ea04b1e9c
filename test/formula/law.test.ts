/** What `explain-merge` prints is what is computed: its formulas, evaluated over arrays, are the reference merge. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveMerge, evaluateMerge } from "../../compiler/7-emit/formula/derive.ts";
import { nameWeights } from "../../compiler/7-emit/formula/name-weights.ts";
import { textNotation } from "../../compiler/7-emit/formula/notation.ts";
import { arrays, type ArrayKernel } from "../../compiler/algebra/arrays.ts";
import { declarationsOf, mergeArrays, stepsOf, weightPath } from "../../compiler/ir/index.ts";
import type { Island } from "../../compiler/ir/index.ts";
import { compileText } from "../support/compile-text.ts";
import { randomBlocks, type RandomBlock } from "../support/random-block.ts";
import { drawWeights, dyadic, ordinary, reading } from "../support/random-weights.ts";

type Values = ReadonlyMap<string, ArrayKernel | Float64Array>;

/** Weights of an island by path, kernels with their shapes. */
function valuesOf({ body }: Island, read: (path: string) => Float64Array): Values {
  const entries = stepsOf(body).flatMap((step) =>
    Object.entries(declarationsOf(step)).map(([name, { kind, shape, groups }]) => {
      const path = weightPath(step.path, name);
      const data = read(path);
      const [height = 1, width = 1, inputs = 1, out = 1] = shape;
      const kernel = { height, width, in: inputs, out, groups, data };
      return [path, kind === "vector" ? data : kernel] as const;
    }),
  );
  return new Map(entries);
}

function bothMerges(
  block: Pick<RandomBlock, "text" | "entry" | "shape" | "seed">,
  drawing = dyadic,
) {
  const { program, island } = compileText(block);
  const read = reading(drawWeights(program.weights, drawing, block.seed));
  const values = valuesOf(island, read);
  const merge = deriveMerge(island);
  const told = evaluateMerge<ArrayKernel, Float64Array>(merge, arrays, (path) => {
    const value = values.get(path);
    if (!value) throw new Error(`the formula speaks of ${path}, which is no weight`);
    return value;
  });
  return { merge, told, done: mergeArrays(island, read) };
}

describe("the formulas of a merge, evaluated", () => {
  it("are the reference merge bit by bit on dyadic numbers", () => {
    fc.assert(
      fc.property(randomBlocks({ isDyadic: true, least: 1, most: 6 }), (block) => {
        const { told, done } = bothMerges(block);
        const { data, ...shape } = done.kernel;
        const { data: toldData, ...toldShape } = told.kernel;
        expect(toldShape).toEqual(shape);
        // Sums in another order: zero may come out as minus zero.
        expect(largest(toldData, data)).toBe(0);
        expect(largest(told.bias, done.bias)).toBe(0);
      }),
      { numRuns: 120 },
    );
  });

  it("are the reference merge up to rounding on any numbers", () => {
    fc.assert(
      fc.property(randomBlocks({ isDyadic: false, least: 1, most: 6 }), (block) => {
        const { told, done } = bothMerges(block, ordinary);
        const scale = Math.max(1, ...done.kernel.data.map(Math.abs), ...done.bias.map(Math.abs));
        expect(largest(told.kernel.data, done.kernel.data) / scale).toBeLessThan(1e-12);
        expect(largest(told.bias, done.bias) / scale).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it("are so with copies in copies, counted by two indices", () => {
    const text = `block Inner => conv(3x3) {
  branch a[2] = conv(3x3) -> bn(epsilon: 0.0)
  branch b    = conv(1x1)
}
block Sample => conv(3x3) {
  branch outer[3] = Inner -> bn(epsilon: 0.0)
  branch other    = conv(1x3, bias: true)
}`;
    const { merge, told, done } = bothMerges({
      text,
      entry: "Sample(2)",
      shape: [4, 4, 2],
      seed: 3,
    });
    const indices = JSON.stringify(merge.kernel).match(/"index":"\w"/g);
    expect(indices).toEqual(['"index":"k"', '"index":"m"']);
    expect(largest(told.kernel.data, done.kernel.data)).toBe(0);
    expect(largest(told.bias, done.bias)).toBe(0);
  });
});

it("no two weights have one name", () => {
  fc.assert(
    fc.property(randomBlocks({ isDyadic: false, least: 1, most: 6 }), (block) => {
      const { body, path } = compileText(block).island;
      const weights = nameWeights({ body, path });
      const names = stepsOf(body).flatMap((step) =>
        Object.keys(declarationsOf(step)).map((name) => {
          const symbol = weights.symbol(step, name);
          expect(weights.path(symbol)).toBe(weightPath(step.path, name));
          return textNotation.subscripted(symbol.letter, textNotation.subscript(symbol));
        }),
      );
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: 60 },
  );
});

describe("the law can fail", () => {
  const block = {
    text: `block Sample => conv(3x3) {
  branch deep = conv(1x1) -> bn(epsilon: 0.0) -> conv(3x3) -> bn(epsilon: 0.0)
}`,
    entry: "Sample(3)",
    shape: [4, 4, 3] as const,
    seed: 5,
  };

  it("where a formula takes another weight than it names", () => {
    const { program, island } = compileText(block);
    const read = reading(drawWeights(program.weights, dyadic, block.seed));
    const values = valuesOf(island, (path) => read(path.replace("deep.1.gamma", "deep.3.gamma")));
    const told = evaluateMerge<ArrayKernel, Float64Array>(deriveMerge(island), arrays, (path) =>
      values.get(path)!,
    );
    expect(largest(told.kernel.data, mergeArrays(island, read).kernel.data)).toBeGreaterThan(0.1);
  });
});

function largest(a: Float64Array, b: Float64Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, index) => {
    const difference = Math.abs(value - b[index]!);
    return difference <= most ? most : difference;
  }, 0);
}
