import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { classificationExamples } from "../../../runtime/data/index.ts";
import { Random } from "../../../runtime/random.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { tf } from "../../../runtime/tensors.ts";
import { clipGradients } from "../../../runtime/train/clip-gradients.ts";
import { loadCheckpoint } from "../../../runtime/train/checkpoint.ts";
import { hashProgram, train, type Recipe, type TrainingRun } from "../../../runtime/train/index.ts";
import { planSteps } from "../../../runtime/train/plan-steps.ts";
import { reestimateStatistics } from "../../../runtime/train/reestimate-statistics.ts";
import { disposeAll, initialWeights, toHostWeights, toTensors } from "../../../runtime/weights.ts";
import { MapHost } from "./map-host.ts";
import { tinyDataset, tinyProgram } from "./tiny-program.ts";

const recipe: Recipe = {
  epochs: 3,
  batch: 16,
  seed: 5,
  loss: { name: "softmax_cross_entropy" },
  optimizer: { name: "sgd", momentum: 0.9 },
  schedule: { name: "constant" },
  rate: 0.3,
};
const lines = classificationExamples(tinyDataset(96));
const testLines = classificationExamples(tinyDataset(40, 2));

function prepare(more: Partial<Recipe>, quantized = false): TrainingRun {
  const program = tinyProgram(quantized);
  const weights = initialWeights(program, 3);
  const data = { trainingData: lines, testData: testLines };
  return { program, recipe: { ...recipe, ...more }, ...data, weights };
}

const bits = (tensors: ReadonlyMap<string, HostTensor>) =>
  [...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.buffer)]]).toSorted();

beforeAll(async () => void (await openBackend("cpu")));

describe("what a recipe may ask for", () => {
  it("frozen statistics stay to the bit while weights go on", async () => {
    const seen: HostTensor[] = [];
    const host = new MapHost();
    const run = prepare({ freeze: 0.5 });
    const checkpoints = { host, folder: "run", name: "last", everySteps: 1 };
    const hash = await hashProgram(run.program);
    for (const stop of [9, 13, 18]) {
      const controller = new AbortController();
      const onProgress = ({ step }: { step: number }) => step === stop && controller.abort();
      await train({ ...run, checkpoints, onProgress, signal: controller.signal });
      const { weights } = await loadCheckpoint(host, "run", "last", hash);
      seen.push(weights.get("s0.mean")!, weights.get("s0.kernel")!);
    }
    const [mean9, kernel9, mean13, kernel13, mean18] = seen;
    expect(mean13!.data).toEqual(mean9!.data);
    expect(mean18!.data).toEqual(mean9!.data);
    expect(kernel13!.data).not.toEqual(kernel9!.data);
    const free = await train({ ...prepare({}) });
    expect(free.weights.get("s0.mean")!.data).not.toEqual(mean18!.data);
  });

  it("the average follows the weights and is what comes out", async () => {
    const path = "head.bias";
    const trajectory: Float32Array[] = [];
    const host = new MapHost();
    const run = prepare({ average: 0.75, epochs: 1 });
    const start = run.weights.get(path)!.data;
    const hash = await hashProgram(run.program);
    for (const stop of [1, 2, 3, 4, 5, 6]) {
      const controller = new AbortController();
      const checkpoints = { host, folder: "run", name: "last" };
      const onProgress = ({ step }: { step: number }) => step === stop && controller.abort();
      await train({ ...run, checkpoints, onProgress, signal: controller.signal });
      const { weights } = await loadCheckpoint(host, "run", "last", hash);
      trajectory.push(weights.get(path)!.data as Float32Array);
    }
    const expected = trajectory.reduce(
      (average, weight) => average.map((value, n) => 0.75 * value + 0.25 * weight[n]!),
      Float64Array.from(start),
    );
    const { weights, final } = await train(run);
    weights.get(path)!.data.forEach((value, n) => expect(value).toBeCloseTo(expected[n]!, 6));
    expect(weights.get(path)!.data).not.toEqual(final.weights.get(path)!.data);
  });

  it("clipping bounds the common norm and keeps the direction", async () => {
    const gradients = new Map([["a", tf.tensor1d([3, 0])], ["b", tf.tensor1d([0, 4])]]); // prettier-ignore
    const [clipped, kept] = [clipGradients(gradients, 1), clipGradients(gradients, 10)];
    const numbers = (map: ReadonlyMap<string, tf.Tensor>) =>
      [...map.values()].flatMap((tensor) => [...tensor.dataSync()]);
    [0.6, 0, 0, 0.8].forEach((value, n) => expect(numbers(clipped)[n]).toBeCloseTo(value, 6));
    expect(numbers(kept)).toEqual([3, 0, 0, 4]);
    for (const map of [gradients, clipped, kept]) disposeAll(map);
    const [wild, tame] = [await train(prepare({ rate: 3 })), await train(prepare({ rate: 3, clip: 0.01 }))]; // prettier-ignore
    const moved = ({ weights }: typeof wild) =>
      Math.max(...weights.get("head.bias")!.data.map(Math.abs));
    expect(moved(tame)).toBeLessThan(moved(wild) / 5);
  });

  it("the best epoch's weights come out, and its score is the largest of the history", async () => {
    const run = prepare({ keep: "best", rate: 0.8, epochs: 5 });
    const { weights, history, final } = await train(run);
    const scores = history.map(({ test }) => test!["accuracy"]!);
    const best = scores.indexOf(Math.max(...scores));
    const upTo = await train({ ...run, recipe: { ...run.recipe, epochs: best + 1, keep: "last" } });
    expect(bits(weights)).toEqual(bits(upTo.weights));
    if (best < 4) expect(bits(weights)).not.toEqual(bits(final.weights));
  });

  it.each([3, 7, 12])(
    "with all of it, stopped after step %d, ends on the same bits",
    async (stop) => {
      const run = prepare(
        { average: 0.9, clip: 0.5, freeze: 0.7, keep: "best", reestimate: true },
        true,
      );
      const whole = await train(run);
      const host = new MapHost();
      const controller = new AbortController();
      const checkpoints = { host, folder: "run", name: "last" };
      const onProgress = ({ step }: { step: number }) => step === stop && controller.abort();
      await train({ ...run, checkpoints, onProgress, signal: controller.signal });
      const resume = await loadCheckpoint(host, "run", "last", await hashProgram(run.program));
      const rest = await train({ ...run, resume });
      expect(bits(rest.weights)).toEqual(bits(whole.weights));
      expect(bits(rest.final.optimizer)).toEqual(bits(whole.final.optimizer));
      expect(rest.history).toEqual(whole.history);
    },
  );

  it("the best epoch's statistics are measured anew, also where momentum is zero", async () => {
    const run = prepare({ keep: "best", rate: 0.8, epochs: 2 });
    const frozenMomentum = run.program.train.instructions.map((one) =>
      one.op === "statistics" ? { ...one, attributes: { ...one.attributes, momentum: 0 } } : one,
    );
    const train0 = { ...run.program.train, instructions: frozenMomentum };
    const still = { ...run, program: { ...run.program, train: train0 } };
    const kept = await train(still);
    const anew = await train({ ...still, recipe: { ...still.recipe, reestimate: true } });
    expect(kept.weights.get("s0.mean")!.data).toEqual(run.weights.get("s0.mean")!.data);
    expect(anew.weights.get("s0.mean")!.data).not.toEqual(kept.weights.get("s0.mean")!.data);
    expect([...anew.weights.get("s0.variance")!.data].every(Number.isFinite)).toBe(true);
    expect(anew.weights.get("s0.kernel")!.data).toEqual(kept.weights.get("s0.kernel")!.data);
    expect(anew.bestEpoch).toBe(kept.bestEpoch);
  });

  it("refuses a checkpoint of other data", async () => {
    const run = prepare({ epochs: 1 });
    const { final } = await train(run);
    const other = classificationExamples(tinyDataset(80));
    await expect(train({ ...run, trainingData: other, resume: final })).rejects.toThrow(
      /other data: lines, 96 examples/,
    );
  });
});

describe("the draws of steps", () => {
  const drawsOf = (seed: number) => {
    const optionsAt = planSteps({ ...recipe, seed }, 6, 18);
    return Array.from({ length: 18 }, (_, taken) => optionsAt(taken).draw);
  };

  it("follow from the seed and the number of the step", () => {
    const [first, again, other] = [drawsOf(5), drawsOf(5), drawsOf(6)];
    expect(again).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(36);
  });
});

describe("statistics measured anew", () => {
  it("are those of all images together, whatever the running ones were", async () => {
    const program = tinyProgram(false);
    const host = new Map(initialWeights(program, 3));
    host.set("s0.mean", { shape: [4], data: Float32Array.of(9, 9, 9, 9) });
    const weights = toTensors(host);
    const before = tf.memory().numTensors;
    const random = Random.fromSeed(1);
    const whole = await reestimateStatistics(program, weights, lines, { batch: 96, random });
    const parts = await reestimateStatistics(program, weights, lines, { batch: 16, random });
    const [a, b] = [await toHostWeights(whole), await toHostWeights(parts)];
    disposeAll(whole);
    disposeAll(parts);
    expect(tf.memory().numTensors).toBe(before);
    disposeAll(weights);
    const mean = a.get("s0.mean")!.data;
    expect(Math.max(...mean.map(Math.abs))).toBeLessThan(3);
    mean.forEach((value, n) => expect(b.get("s0.mean")!.data[n]).toBeCloseTo(value, 5));
    // Unbiased variances of 16 images each are not quite that of 96.
    a.get("s0.variance")!.data.forEach((value, n) => {
      expect(b.get("s0.variance")!.data[n]! / value).toBeCloseTo(1, 2);
    });
  });
});
