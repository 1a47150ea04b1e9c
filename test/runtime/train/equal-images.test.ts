/** A model whose images are equal to what they should be: their PSNR has no end, and JSON has no such number. */
import { beforeAll, expect, it } from "vitest";
import type { MetricsLog } from "../../../cli/train/metrics-log.ts";
import { describeEpoch, watchTraining } from "../../../cli/train/watch-training.ts";
import { openBackend } from "../../../runtime/backends/index.ts";
import type { Examples } from "../../../runtime/data/index.ts";
import { evaluateWith } from "../../../runtime/evaluate.ts";
import {
  loadCheckpoint,
  saveCheckpoint,
  type Checkpoint,
} from "../../../runtime/train/checkpoint.ts";
import { historyOf, train, type TrainingRun } from "../../../runtime/train/index.ts";
import { disposeAll, initialWeights, toTensors } from "../../../runtime/weights.ts";
import { compileFiles } from "../../compiler/compile-files.ts";
import { MapHost } from "./map-host.ts";

const shape = [4, 4, 1] as const;

/** Of nothing but zeros. */
const black: Examples = {
  name: "black images",
  source: "made here",
  size: 4,
  inputShape: shape,
  target: { kind: "images", shape, peak: 255 },
  async *pass({ batch, first = 0 }) {
    for (let number = first; number * batch < 4; number++) {
      const inputs = new Float32Array(batch * 16);
      const targets = new Float32Array(batch * 16);
      yield { number, count: batch, inputs, inputShape: shape, targets, targetShape: shape };
    }
  },
};

function prepare(): TrainingRun {
  const text = "model Copy { input x: image[4, 4, 1]\n output x -> conv(1x1, bias: false) }";
  const { program } = compileFiles(text, { entry: "Copy" });
  return {
    program: program!,
    recipe: {
      epochs: 3,
      batch: 2,
      seed: 5,
      loss: { name: "mean_absolute_error" },
      optimizer: { name: "sgd" },
      schedule: { name: "constant" },
      rate: 0.1,
      keep: "best",
    },
    trainingData: black,
    testData: black,
    weights: initialWeights(program!, 3),
  };
}

beforeAll(async () => void (await openBackend("cpu")));

/** A checkpoint as it comes back from its files. */
async function saved(checkpoint: Checkpoint): Promise<Checkpoint> {
  const host = new MapHost();
  await saveCheckpoint(host, "run", "last", checkpoint);
  return loadCheckpoint(host, "run", "last", checkpoint.state.programHash);
}

it("is resumed where the PSNR was infinite, with the same history", async () => {
  const run = prepare();
  const weights = toTensors(run.weights);
  expect(await evaluateWith(run.program.train, weights, black)).toEqual({ psnr: Infinity });
  disposeAll(weights);
  const whole = await train(run);
  const controller = new AbortController();
  const onEpoch = () => controller.abort();
  const stopped = await train({ ...run, onEpoch, signal: controller.signal });
  expect(stopped.finished).toBe(false);
  const resume = await saved(stopped.final);
  const history = historyOf(resume);
  expect(history).toEqual(whole.history.slice(0, 1));
  expect(history[0]?.test).toEqual({ psnr: Infinity });
  const resumed = await train({ ...run, resume });
  expect(resumed.history).toEqual(whole.history);
  expect(resumed.bestEpoch).toBe(1);

  const shown: string[] = [];
  const begin = () => ({
    update: (_: number, __: number, note = "") => void shown.push(note),
    end: () => {},
    abort: () => {},
  });
  const metrics = { seconds: 0, append: () => {} } as unknown as MetricsLog;
  const watched = { epochs: 3, stepsPerEpoch: 2, batch: 2, logEvery: 50, step: 2, history };
  const { onProgress } = watchTraining(watched, metrics, begin, () => 0);
  onProgress({ epoch: 2, epochs: 3, step: 3, steps: 6, loss: 0, rate: 0.1 });
  expect(shown).toEqual(["loss 0.000, PSNR ∞ dB"]);
});

it.each([
  [1000, "∞ dB", Infinity],
  [null, "no number", NaN],
])("is resumed from what earlier versions wrote for it: %s", async (psnr, shown, known) => {
  const run = prepare();
  const controller = new AbortController();
  const onEpoch = () => controller.abort();
  const { final } = await train({ ...run, onEpoch, signal: controller.signal });
  const text = JSON.stringify(final.state.more).replaceAll('"Infinity"', String(psnr));
  const more = JSON.parse(text) as Checkpoint["state"]["more"];
  const resume = await saved({ ...final, state: { ...final.state, more } });
  expect(historyOf(resume).map(({ test }) => test)).toEqual([{ psnr: known }]);
  const { finished, history, bestEpoch } = await train({ ...run, resume });
  expect([finished, history.length]).toEqual([true, 3]);
  expect(history.slice(1).map(({ test }) => test)).toEqual([
    { psnr: Infinity },
    { psnr: Infinity },
  ]);
  expect(bestEpoch).toBe(psnr === null ? 2 : 1);
  expect(describeEpoch(history[0]!)).toContain(`test PSNR ${shown}`);
});
