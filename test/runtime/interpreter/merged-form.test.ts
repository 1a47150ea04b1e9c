import fc from "fast-check";
import { expect, it } from "vitest";
import { currentBackend, describeBackends, randomRuns } from "../../support/backends.ts";
import { execute } from "../../../runtime/execute.ts";
import { tf } from "../../../runtime/tensors.ts";
import { toTensor } from "../../support/compare-with-reference.ts";
import { expectClose } from "../../support/expect-close.ts";
import { compute, type Numbers } from "../../support/compute.ts";
import { randomDense, type Dense } from "../../support/dense.ts";
import { GraphBuilder } from "./graph-builder.ts";

interface Block {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly stride: number;
  readonly groups: number;
  readonly seed: number;
}

const blocks = fc
  .record({
    perGroup: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 3, max: 6 }),
    width: fc.integer({ min: 3, max: 6 }),
    stride: fc.constantFrom(1, 2, 3),
    groups: fc.constantFrom(1, 2),
    seed: fc.nat(1000),
  })
  .map(({ perGroup, groups, ...rest }): Block => ({
    ...rest,
    groups,
    channels: perGroup * groups,
  }));

const batchNorm = { epsilon: 1e-3, momentum: 0.1 };
const none = [0, 0, 0, 0];

function leaves({ channels, height, width, groups }: Block) {
  const b = new GraphBuilder();
  const x = b.input(height, width, channels);
  const [i, o] = [channels / groups, channels];
  const dense = b.kernel("dense", [3, 3, i, o], groups);
  const point = b.kernel("point", [1, 1, i, o], groups);
  const norm = (name: string) =>
    ["gamma", "beta", "mean", "variance"].map((part) => b.vector(`${name}.${part}`, o));
  return { b, x, dense, point, norms: [norm("a"), norm("b"), norm("c")] };
}

/** 3x3 - bn, 1x1 - bn and, at stride 1, bn alone, added. */
function branchForm(block: Block) {
  const { b, x, dense, point, norms } = leaves(block);
  const { stride, groups } = block;
  const [a, c, d] = norms;
  const wide = b.op("conv", [x, dense], { stride, pads: [1, 1, 1, 1], groups });
  const narrow = b.op("conv", [x, point], { stride, pads: none, groups });
  let sum = b.op("add", [
    b.op("batch_norm", [wide, ...a!], batchNorm),
    b.op("batch_norm", [narrow, ...c!], batchNorm),
  ]);
  if (stride === 1) sum = b.op("add", [sum, b.op("batch_norm", [x, ...d!], batchNorm)]);
  return b.graph({ output: sum });
}

/** The same as one convolution, X * M(X, W) + b. */
function mergedForm(block: Block) {
  const { b, x, dense, point, norms } = leaves(block);
  const { stride, groups, channels } = block;
  const merge = (kernel: string | undefined, norm: readonly string[], pads: readonly number[]) => {
    const [gamma, beta, mean, variance] = norm as [string, string, string, string];
    const measured = kernel === undefined ? [x] : [x, kernel];
    const attributes = { mode: "batch", momentum: 0.1, stride, pads, groups };
    const [m, v] = b.ops("statistics", [...measured, mean, variance], attributes);
    const root = b.op("reciprocal_root", [v!], { epsilon: 1e-3 });
    const factor = b.op("multiply_vectors", [gamma, root]);
    const from = kernel ?? b.op("identity_kernel", [], { channels, groups });
    const bias = b.op("subtract_vectors", [beta, b.op("multiply_vectors", [m!, factor])]);
    return { kernel: b.op("scale_out", [from, factor]), bias };
  };
  const embed = (kernel: string) => b.op("embed", [kernel], { height: 3, width: 3, top: 1, left: 1 }); // prettier-ignore
  const parts = [merge(dense, norms[0]!, [1, 1, 1, 1])];
  const narrow = merge(point, norms[1]!, none);
  parts.push({ ...narrow, kernel: embed(narrow.kernel) });
  if (stride === 1) {
    const skip = merge(undefined, norms[2]!, none);
    parts.push({ ...skip, kernel: embed(skip.kernel) });
  }
  const whole = parts.reduce((sum, part) => ({
    kernel: b.op("add_kernels", [sum.kernel, part.kernel]),
    bias: b.op("add_vectors", [sum.bias, part.bias]),
  }));
  const geometry = { stride, pads: [1, 1, 1, 1], groups };
  return b.graph({ output: b.op("conv", [x, whole.kernel, whole.bias], geometry) });
}

/** Output, gradients of sum(output * probe) by input and weights, and updated statistics. */
async function differentiateGraph(
  graph: ReturnType<typeof branchForm>,
  input: Dense,
  weights: ReadonlyMap<string, Dense>,
): Promise<ReadonlyMap<string, Numbers>> {
  const results = new Map<string, tf.Tensor>();
  // Out of the scope of the forward pass only its value comes by itself.
  const read = (name: string, tensor: tf.Tensor) => results.set(name, tf.keep(tf.clone(tensor)));
  const numbers = await compute(() => {
    const tensors = new Map([...weights].map(([path, dense]) => [path, toTensor(dense)]));
    const x = toTensor(input);
    const names = [...tensors.keys()].filter((path) => !/mean|variance/.test(path));
    const objective = (): tf.Scalar => {
      const take = (path: string) => tensors.get(path)!;
      const { outputs, updates } = execute(graph, { mode: "train", input: x, weights: take });
      read("output", outputs["output"]!);
      for (const [path, tensor] of updates) read(`update ${path}`, tensor);
      const probe = toTensor(randomDense(outputs["output"]!.shape, 77));
      return tf.sum(tf.mul(outputs["output"]!, probe));
    };
    const by = [x, ...names.map((name) => tensors.get(name)!)];
    const { grads } = tf.engine().gradients(objective, by, undefined, true);
    ["input", ...names].forEach((name, n) => grads[n] && read(`gradient ${name}`, grads[n]));
    return [...results.values()];
  });
  return new Map([...results.keys()].map((name, n) => [name, numbers[n]!]));
}

describeBackends("one convolution by the merge", () => {
  it("equals the branches: output, gradients, statistics", async () => {
    await fc.assert(
      fc.asyncProperty(blocks, async (block) => {
        const { b } = leaves(block);
        const specs = b.instructions.filter(({ op }) => op === "weight");
        const weights = new Map(
          specs.map(({ attributes, results }, n) => {
            const centre = String(attributes["path"]).endsWith("variance") ? 2 : 0;
            const dense = randomDense(b.shape(results[0]!), block.seed + n, centre);
            return [String(attributes["path"]), dense] as const;
          }),
        );
        const input = randomDense([3, block.height, block.width, block.channels], block.seed, 0.5);
        const expected = await differentiateGraph(branchForm(block), input, weights);
        const actual = await differentiateGraph(mergedForm(block), input, weights);
        expect([...actual.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
        expect(actual.size).toBeGreaterThan(10);
        for (const [name, numbers] of expected) {
          // A kernel's gradient through a batch norm is a small difference of large sums.
          expectClose(
            actual.get(name)!,
            numbers,
            (name.startsWith("gradient") ? 50 : 0.5) * currentBackend().tolerance,
            name,
          );
        }
      }),
      { numRuns: randomRuns(12) },
    );
  });
});
