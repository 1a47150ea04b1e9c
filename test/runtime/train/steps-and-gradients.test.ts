import { expect, it } from "vitest";
import { currentBackend, describeBackends } from "../../support/backends.ts";
import { execute } from "../../../runtime/execute.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { tf } from "../../../runtime/tensors.ts";
import { initializeSteps, runGradients } from "../../../runtime/train/index.ts";
import {
  disposeAll,
  initialWeights,
  mergeWeights,
  takeFrom,
  toTensors,
} from "../../../runtime/weights.ts";
import { expectClose } from "../../support/expect-close.ts";
import { numbersOf, readNumbers } from "../../support/compute.ts";
import { randomDense } from "../../support/dense.ts";
import { tinyProgram } from "./tiny-program.ts";

const host = (shape: readonly number[], seed: number, centre = 0): HostTensor => ({
  shape,
  data: Float32Array.from(randomDense(shape, seed, centre).data),
});

const meanOf = (data: Iterable<number>) => {
  const all = [...data].map(Math.abs);
  return all.reduce((sum, v) => sum + v, 0) / all.length;
};

describeBackends("first steps and gradients", () => {
  it("first steps come from what each quantizer sees", async () => {
    const program = tinyProgram(true);
    const weights = new Map(initialWeights(program, 3));
    weights.set("s0.variance", host([4], 8, 2));
    weights.set("s0.mean", host([4], 9));
    const image = host([5, 6, 6, 1], 1, 1);
    const before = tf.memory().numTensors;
    const tensors = toTensors(weights);
    const input = tf.tensor(image.data, [5, 6, 6, 1]);
    const steps = initializeSteps(program, tensors, input);
    const read = async (path: string) => Array.from((await readNumbers(steps.get(path)!)).data);
    expect([...steps.keys()].toSorted()).toEqual([
      "head.input.step",
      "head.merged.step",
      "s0.input.step",
      "s0.merged.step",
    ]);
    expect((await read("s0.input.step"))[0]).toBeCloseTo(
      (2 * meanOf(image.data)) / Math.sqrt(15),
      5,
    );
    const floating = tinyProgram(false);
    const kernel = (await mergeWeights(floating, weights)).get("s0.merged")!.data;
    const expected = [0, 1, 2, 3].map((o) => {
      const channel = kernel.filter((_, i) => i % 4 === o);
      return (2 * meanOf(channel)) / Math.sqrt(7);
    });
    expectClose(
      { shape: [4], data: await read("s0.merged.step") },
      { shape: [4], data: expected },
      currentBackend().tolerance / 2,
      "kernel",
    );
    const full = new Map([...tensors, ...steps]);
    expect(initializeSteps(program, full, input).size).toBe(0);
    disposeAll(full);
    input.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("gradients by every weight and the input are the slopes of the loss", async () => {
    const program = tinyProgram(false);
    const weights = initialWeights(program, 3);
    const image = host([3, 6, 6, 1], 1);
    const probe = host([3, 3], 2);
    const before = tf.memory().numTensors;
    const result = await runGradients(program, weights, image, probe);
    expect(tf.memory().numTensors).toBe(before);
    expect([...result.weights.keys()]).toEqual(
      program.weights.filter(({ role }) => role !== "statistic").map(({ path }) => path),
    );
    expect([...result.updates.keys()]).toEqual(["s0.mean", "s0.variance"]);
    const lossAt = async (path: string | undefined, index: number, change: number) => {
      const y = await numbersOf(() => {
        const nudge = ({ shape, data }: HostTensor) => ({
          shape,
          data: data.map((v, i) => (i === index ? v + change : v)),
        });
        const changed = new Map(
          [...weights].map(([name, w]) => [name, name === path ? nudge(w) : w]),
        );
        const x = path === undefined ? nudge(image) : image;
        const take = takeFrom(toTensors(changed));
        const input = tf.tensor(x.data, [3, 6, 6, 1]);
        const { outputs } = execute(program.train, { mode: "train", weights: take, input });
        return outputs["output"]!;
      });
      return y.reduce((sum, v, i) => sum + v * probe.data[i]!, 0);
    };
    const slope = async (path: string | undefined, index: number) =>
      ((await lossAt(path, index, 1e-2)) - (await lossAt(path, index, -1e-2))) / 2e-2;
    for (const path of ["s0.gamma", "s0.beta", "head.kernel", "head.bias", "s0.kernel"]) {
      expect(result.weights.get(path)!.data[2]!, path).toBeCloseTo(await slope(path, 2), 2);
    }
    expect(result.input.data[40]!).toBeCloseTo(await slope(undefined, 40), 2);
  });
});
