/** Quantizers whose grid is not one learned step: where training begins, and what follows the batch. */
import { expect, it } from "vitest";
import type { Program } from "../../../compiler/ir/index.ts";
import { describeBackends } from "../../support/backends.ts";
import { leastErrorRange } from "../../../runtime/quantizers/least-error.ts";
import { differentiate } from "../../../runtime/train/differentiate.ts";
import { initializeSteps } from "../../../runtime/train/index.ts";
import { tf } from "../../../runtime/tensors.ts";
import {
  disposeAll,
  initialWeights,
  mergeWeights,
  toHostWeights,
  toTensors,
} from "../../../runtime/weights.ts";
import { compilePolicy } from "../../support/compile-policy.ts";
import { toTensor } from "../../support/compare-with-reference.ts";
import { numbersOfAll, readNumbers } from "../../support/compute.ts";
import { randomDense } from "../../support/dense.ts";

const text = `
block Mine => conv(3x3) { branch dense = conv(3x3) -> bn\n branch skip = identity -> bn\n then relu }
model Net { input x: image[6, 6, 2]\n output x -> Mine(2) -> Mine(2) }
quant Range { weights: minmax(bits: 4)\n activations: minmax(bits: 4, momentum: 0.25) }
quant Offset { weights: lsq_plus(bits: 4)\n activations: lsq_plus(bits: 4) }
`;

const image = randomDense([3, 6, 6, 2], 1, 0.25);

/** The weights that training begins with, and one pass forward and backward. */
function begin(program: Program) {
  const weights = toTensors(initialWeights(program, 3));
  const input = tf.tensor(Float32Array.from(image.data), [3, 6, 6, 2]);
  const steps = initializeSteps(program, weights, input);
  for (const [path, step] of steps) weights.set(path, step);
  const by = program.weights.filter(({ role }) => role !== "statistic").map(({ path }) => path);
  const pass = differentiate(program, { weights, input, by });
  return { weights, input, steps, pass };
}

function dispose({ weights, input, pass }: ReturnType<typeof begin>): void {
  for (const owned of [weights, pass.gradients, pass.updates]) disposeAll(owned);
  tf.dispose([input, pass.value, pass.output]);
}

describeBackends("quantizers in training", () => {
  it("minmax: inputs' steps follow the batch and no gradient; kernels' are those of the merge", async () => {
    const program = compilePolicy(text, "Range");
    const before = tf.memory().numTensors;
    const run = begin(program);
    const inputs = ["output.0.input.step", "output.1.input.step"];
    expect([...run.steps.keys()]).toEqual(inputs);
    const largest = Math.max(...image.data.map(Math.abs));
    const read = async (tensor: tf.Tensor | undefined) => (await readNumbers(tensor!)).data;
    const first = (await read(run.steps.get(inputs[0]!)))[0]!;
    expect(first).toBeCloseTo(largest / 7, 6);
    for (const path of inputs) {
      expect(run.pass.gradients.has(path)).toBe(false);
      expect(run.pass.updates.has(path)).toBe(true);
    }
    // The batch is the one that the step began with: it stays.
    expect((await read(run.pass.updates.get(inputs[0]!)))[0]).toBeCloseTo(first, 6);
    expect(run.pass.gradients.has("output.0.dense.0.kernel")).toBe(true);
    const merged = await mergeWeights(program, await toHostWeights(run.weights));
    const kernel = merged.get("output.0.kernel")!.data;
    const steps = merged.get("output.0.kernel.step")!.data;
    steps.forEach((step, o) => {
      const channel = kernel.filter((_, i) => i % steps.length === o).map(Math.abs);
      expect(step).toBe(Math.fround(Math.max(...channel) / 7));
    });
    dispose(run);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("lsq_plus: what may be negative has a zero point, of the data and learned", async () => {
    const program = compilePolicy(text, "Offset");
    const run = begin(program);
    const shapes = new Map(program.weights.map(({ path, shape }) => [path, shape]));
    expect(shapes.get("output.0.input.step")).toEqual([2]);
    expect(shapes.get("output.1.input.step")).toEqual([]);
    expect(shapes.get("output.0.kernel.step")).toEqual([2]);
    const range = await readNumbers(run.steps.get("output.0.input.step")!);
    const [found] = await numbersOfAll(() => [leastErrorRange(toTensor(image), 15)]);
    expect(Array.from(range.data)).toEqual(found);
    expect(run.pass.gradients.get("output.0.input.step")!.shape).toEqual([2]);
    dispose(run);
  });
});
