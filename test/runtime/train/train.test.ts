import { expect, it } from "vitest";
import { currentBackend, describeBackends } from "../../support/backends.ts";
import { classificationExamples } from "../../../runtime/data/index.ts";
import { execute } from "../../../runtime/execute.ts";
import { predict } from "../../../runtime/predict.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { tf } from "../../../runtime/tensors.ts";
import { loadCheckpoint } from "../../../runtime/train/checkpoint.ts";
import {
  Diverged,
  hashProgram,
  train,
  type Recipe,
  type TrainingRun,
} from "../../../runtime/train/index.ts";
import { initialWeights, mergeWeights, takeFrom, toTensors } from "../../../runtime/weights.ts";
import { expectClose } from "../../support/expect-close.ts";
import { numbersOfAll } from "../../support/compute.ts";
import { MapHost } from "./map-host.ts";
import { tinyDataset, tinyProgram } from "./tiny-program.ts";

const recipe: Recipe = {
  epochs: 3,
  batch: 16,
  seed: 5,
  loss: { name: "softmax_cross_entropy", smoothing: 0.05 },
  optimizer: { name: "sgd", momentum: 0.9 },
  schedule: { name: "cosine", warmupEpochs: 0.5 },
  rate: 0.1,
  stepRate: 0.01,
  decay: 1e-4,
};

const lines = classificationExamples(tinyDataset(96), { augment: { flip: false, shift: 1 } });
const testLines = classificationExamples(tinyDataset(20, 2));

function prepare(quantized: boolean, statistics?: Parameters<typeof tinyProgram>[1]): TrainingRun {
  const program = tinyProgram(quantized, statistics);
  return { program, recipe, trainingData: lines, weights: initialWeights(program, 3) };
}

const bits = (tensors: ReadonlyMap<string, HostTensor>) =>
  [...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.buffer)]]).toSorted();

describeBackends("training", ({ isSlow }) => {
  it.each([false, true])(
    "reduces the loss and leaves no tensor behind, quantized: %s",
    async (quantized) => {
      const epochs = isSlow ? 3 : 12;
      const losses: number[] = [];
      const tensors = new Set<number>();
      const before = tf.memory().numTensors;
      const { finished, history } = await train({
        ...prepare(quantized),
        recipe: { ...recipe, epochs, rate: 1 },
        testData: testLines,
        onProgress: ({ loss }) => {
          losses.push(loss);
          tensors.add(tf.memory().numTensors);
        },
      });
      expect(finished).toBe(true);
      expect(losses.length).toBe(6 * epochs);
      expect(tensors.size, "tensors from step to step").toBe(1);
      expect(tf.memory().numTensors, "tensors at the end").toBe(before);
      expect(history.length).toBe(epochs);
      expect(history.at(-1)!.loss).toBeLessThan((isSlow ? 1 : 0.7) * history[0]!.loss);
    },
  );

  it("deploys to the bits of the train graph in mode eval", async () => {
    const run = prepare(true);
    const { final } = await train({ ...run, recipe: { ...recipe, epochs: 1 } });
    const deployed = await mergeWeights(run.program, final.weights);
    expect([...deployed.keys()]).toEqual(run.program.deployed.map(({ path }) => path));
    const outputs = await numbersOfAll(() => {
      const input = tf.randomUniform([5, 6, 6, 1], 0, 1, "float32", 4);
      return [
        [run.program.train, final.weights] as const,
        [run.program.deploy, deployed] as const,
      ].map(([graph, weights]) => {
        const options = { mode: "eval", input, weights: takeFrom(toTensors(weights)) } as const;
        return execute(graph, options).outputs["output"]!;
      });
    });
    expect(outputs[0]).toEqual(outputs[1]);
    expect(new Set(outputs[0]).size).toBeGreaterThan(5);
  });

  const [batch, lattice] = [{ mode: "batch" }, { mode: "sampled", lattice: 2 }];
  const stops = [[4, lattice], [1, batch], [6, batch], [11, lattice]] as const; // prettier-ignore
  it.each(isSlow ? stops.slice(0, 1) : stops)(
    "stopped after step %d and resumed, ends on the same bits, statistics %o",
    async (stop, statistics) => {
      const run = {
        ...prepare(true, statistics),
        recipe: { ...recipe, epochs: 2 },
        testData: testLines,
      };
      const whole = await train(run);
      const host = new MapHost();
      const checkpoints = { host, folder: "run", name: "last", everySteps: 2 };
      const controller = new AbortController();
      const onProgress = ({ step }: { step: number }) => step === stop && controller.abort();
      const part = await train({ ...run, checkpoints, onProgress, signal: controller.signal });
      expect(part.finished).toBe(false);
      const resume = await loadCheckpoint(host, "run", "last", await hashProgram(run.program));
      expect(resume.state.step).toBe(stop);
      const rest = await train({ ...run, resume });
      expect(rest.finished).toBe(true);
      expect(rest.history).toEqual(whole.history);
      expect(bits(rest.final.weights)).toEqual(bits(whole.final.weights));
      expect(bits(rest.final.optimizer)).toEqual(bits(whole.final.optimizer));
    },
  );

  it("stops with the culprit's name when the loss is no number", async () => {
    const run = prepare(false);
    const weights = new Map(run.weights);
    weights.set("s0.beta", { shape: [4], data: Float32Array.of(0, Number.NaN, 0, 0) });
    const before = tf.memory().numTensors;
    const error = await train({ ...run, weights }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Diverged);
    expect((error as Diverged).where).toBe("weight s0.beta");
    expect((error as Diverged).message).toContain("learning rate");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("blames an instruction where all weights are finite", async () => {
    const run = prepare(false);
    const weights = new Map(run.weights);
    weights.set("s0.gamma", { shape: [4], data: new Float32Array(4).fill(3e38) });
    const error = await train({ ...run, weights }).catch((reason: unknown) => reason);
    expect((error as Diverged).where).toMatch(/^(multiply_vectors %\d+|weight s0\.\w+)$/);
  });

  it("refuses a checkpoint of another recipe or program", async () => {
    const run = prepare(false);
    const { final } = await train({ ...run, recipe: { ...recipe, epochs: 1 } });
    await expect(train({ ...run, resume: final })).rejects.toThrow(/another recipe/);
    const other = { ...prepare(true), resume: final };
    await expect(train(other)).rejects.toThrow(/another program/);
  });

  it("evaluates by counting, however the images are batched", async () => {
    const { program, weights } = prepare(false);
    const data = tinyDataset(40);
    const { outputs, accuracy } = await predict(program.train, weights, data, { batch: 3 });
    const labels = new Int32Array(40);
    await data.read(
      Int32Array.from({ length: 40 }, (_, n) => n),
      new Uint8Array(40 * 36),
      labels,
    );
    const classes = outputs.data.length / 40;
    const largest = [...labels].map((_, n) => {
      const row = [...outputs.data.subarray(n * classes, (n + 1) * classes)];
      return row.indexOf(Math.max(...row));
    });
    const right = largest.filter((found, n) => found === labels[n]).length;
    expect(right).toBeGreaterThan(0);
    expect(right).toBeLessThan(40);
    expect(accuracy).toBe(right / 40);
    const whole = await predict(program.train, weights, data, { batch: 40 });
    // Some engines add in another order where there is more to add.
    expectClose(whole.outputs, outputs, currentBackend().tolerance, "outputs");
  });
});
