/** What a recipe may ask for at the beginning: a teacher, and steps from several batches. */
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import {
  classificationExamples,
  packedDataset,
  type Dataset,
} from "../../../runtime/data/index.ts";
import { Random } from "../../../runtime/random.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { tf } from "../../../runtime/tensors.ts";
import { beginTeacher, askTeacher } from "../../../runtime/train/teacher.ts";
import { initializeSteps } from "../../../runtime/train/initialize-steps.ts";
import { loadCheckpoint } from "../../../runtime/train/checkpoint.ts";
import { hashProgram, train, type Recipe, type TrainingRun } from "../../../runtime/train/index.ts";
import { epochBatches } from "../../../runtime/train/epoch-batches.ts";
import { disposeAll, initialWeights, toHostWeights, toTensors } from "../../../runtime/weights.ts";
import { dropQuantizers } from "../../../runtime/without-quantizers.ts";
import { numbersOf } from "../../support/compute.ts";
import { runTrainGraph } from "../../support/run-program.ts";
import { MapHost } from "./map-host.ts";
import { tinyDataset, tinyProgram } from "./tiny-program.ts";

const recipe: Recipe = {
  epochs: 2,
  batch: 16,
  seed: 5,
  loss: { name: "softmax_cross_entropy", smoothing: 0.1 },
  optimizer: { name: "adam" },
  schedule: { name: "cosine" },
  rate: 0.01,
};
const program = tinyProgram(true);
const dataset = tinyDataset(96);

function prepare(more: Partial<Recipe>, images: Dataset = dataset): TrainingRun {
  const weights = initialWeights(program, 3);
  const trainingData = classificationExamples(images);
  return { program, recipe: { ...recipe, ...more }, trainingData, weights };
}

const bits = (tensors: ReadonlyMap<string, HostTensor>) =>
  [...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.buffer)]]).toSorted();

/** The same images, each with the label after its own. */
async function mislabelled(): Promise<Dataset> {
  const { size, shape, classes, name, source } = dataset;
  const [pixels, labels] = [new Uint8Array(size * 36), new Int32Array(size)];
  await dataset.read(
    Int32Array.from({ length: size }, (_, index) => index),
    pixels,
    labels,
  );
  const wrong = Uint8Array.from(labels, (label) => (label + 1) % 3);
  return packedDataset({ name, source, shape, classes, pixels, labels: wrong });
}

beforeAll(async () => void (await openBackend("cpu")));

describe("a recipe that distills", () => {
  it("learns from the teacher and not from labels", async () => {
    const [taught, mistaught] = [
      await train(prepare({ distill: true })),
      await train(prepare({ distill: true }, await mislabelled())),
    ];
    expect(bits(mistaught.weights)).toEqual(bits(taught.weights));
    const [told, mistold] = [
      await train(prepare({})),
      await train(prepare({}, await mislabelled())),
    ];
    expect(bits(mistold.weights)).not.toEqual(bits(told.weights));
  });

  it("asks the first weights, without quantizers, whatever the student does", async () => {
    const host = initialWeights(tinyProgram(false), 3);
    const weights = toTensors(initialWeights(program, 3));
    const optimizer = new Map<string, tf.Tensor>();
    beginTeacher(program, { weights, optimizer });
    for (const [path, weight] of weights) weights.set(path, tf.mul(weight, 5));
    const shape = [3, 6, 6, 1];
    const data = Float32Array.from({ length: 108 }, (_, index) => Math.sin(index));
    const input = tf.tensor(data, shape);
    const graph = dropQuantizers(program.train);
    const answer = await numbersOf(() => askTeacher(graph, { optimizer }, input));
    const expected = await runTrainGraph(tinyProgram(false), "eval", host, { shape, data });
    expect(answer).toEqual([...expected.data]);
  });

  it.each([1, 4, 9])("resumed after step %d ends on the same bits", async (stop) => {
    const run = prepare({ distill: true, average: 0.9 });
    const whole = await train(run);
    const host = new MapHost();
    const controller = new AbortController();
    const checkpoints = { host, folder: "run", name: "last" };
    const onProgress = ({ step }: { step: number }) => step === stop && controller.abort();
    await train({ ...run, checkpoints, onProgress, signal: controller.signal });
    const resume = await loadCheckpoint(host, "run", "last", await hashProgram(program));
    const rest = await train({ ...run, weights: new Map(), resume });
    expect(bits(rest.weights)).toEqual(bits(whole.weights));
    expect(bits(rest.final.optimizer)).toEqual(bits(whole.final.optimizer));
  });

  it("leaves no tensor behind", async () => {
    const before = tf.memory().numTensors;
    const seen = new Set<number>();
    const onProgress = () => void seen.add(tf.memory().numTensors);
    await train({ ...prepare({ distill: true }), onProgress });
    expect(seen.size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("steps calibrated with several batches", () => {
  const firstStep = async (more: Partial<Recipe>): Promise<ReadonlyMap<string, HostTensor>> => {
    const controller = new AbortController();
    controller.abort();
    const { final } = await train({ ...prepare(more), signal: controller.signal });
    return new Map([...final.weights].filter(([path]) => path.endsWith(".step")));
  };

  it.each([1, 3, 6])("%d together give the first steps", async (calibrate) => {
    const run = prepare({ calibrate });
    const inputs: number[] = [];
    for await (const batch of epochBatches(run, Random.fromSeed(5).fork("training"), 0, 0)) {
      inputs.push(...batch.inputs);
      if (batch.number + 1 === calibrate) break;
    }
    const weights = toTensors(run.weights);
    const steps = initializeSteps(program, weights, tf.tensor(inputs, [16 * calibrate, 6, 6, 1]));
    const expected = await toHostWeights(steps);
    disposeAll(steps);
    expect(bits(await firstStep({ calibrate }))).toEqual(bits(expected));
  });

  it("takes as many as an epoch has, and one where nothing is said", async () => {
    expect(bits(await firstStep({ calibrate: 100 }))).toEqual(bits(await firstStep({ calibrate: 6 }))); // prettier-ignore
    expect(bits(await firstStep({}))).toEqual(bits(await firstStep({ calibrate: 1 })));
    expect(bits(await firstStep({}))).not.toEqual(bits(await firstStep({ calibrate: 2 })));
  });
});
