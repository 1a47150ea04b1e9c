/** How a training ends: the pass that measures statistics anew, and what an unfinished one would keep. */
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { classificationExamples, type Examples } from "../../../runtime/data/index.ts";
import { CorruptFile } from "../../../runtime/files.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { tf } from "../../../runtime/tensors.ts";
import {
  hashProgram,
  historyOf,
  keptWeights,
  loadCheckpoint,
  train,
  type Recipe,
  type TrainingRun,
} from "../../../runtime/train/index.ts";
import { initialWeights } from "../../../runtime/weights.ts";
import { MapHost } from "./map-host.ts";
import { tinyDataset, tinyProgram } from "./tiny-program.ts";

function prepare(more: Partial<Recipe>): TrainingRun {
  const program = tinyProgram(false);
  const recipe: Recipe = {
    epochs: 3,
    batch: 16,
    seed: 5,
    loss: { name: "softmax_cross_entropy" },
    optimizer: { name: "sgd", momentum: 0.9 },
    schedule: { name: "constant" },
    rate: 0.3,
    ...more,
  };
  return {
    program,
    recipe,
    trainingData: classificationExamples(tinyDataset(96)),
    testData: classificationExamples(tinyDataset(40, 2)),
    weights: initialWeights(program, 3),
  };
}

const bits = (tensors: ReadonlyMap<string, HostTensor>) =>
  [...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.buffer)]]).toSorted();

beforeAll(async () => void (await openBackend("cpu")));

describe("statistics measured anew at the end", () => {
  const reestimate = { reestimate: true, epochs: 1 } as const;

  it("tell of each batch", async () => {
    const seen: string[] = [];
    const onReestimate = (batches: number, total: number) => seen.push(`${batches} of ${total}`);
    await train({ ...prepare(reestimate), onReestimate });
    expect(seen).toEqual(["1 of 6", "2 of 6", "3 of 6", "4 of 6", "5 of 6", "6 of 6"]);
    seen.length = 0;
    await train({ ...prepare({ epochs: 1 }), onReestimate });
    expect(seen).toEqual([]);
  });

  it("stop at a signal, and a resumed run ends on the same bits", async () => {
    const run = prepare(reestimate);
    const whole = await train(run);
    expect(whole.finished).toBe(true);
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const seen: number[] = [];
    const onReestimate = (batches: number) => {
      seen.push(batches);
      if (batches === 2) controller.abort();
    };
    const stopped = await train({ ...run, onReestimate, signal: controller.signal });
    expect([stopped.finished, seen]).toEqual([false, [1, 2]]);
    expect(tf.memory().numTensors).toBe(before);
    expect(bits(stopped.weights)).not.toEqual(bits(whole.weights));
    const resumed = await train({ ...run, resume: stopped.final });
    expect(resumed.finished).toBe(true);
    expect(bits(resumed.weights)).toEqual(bits(whole.weights));
  });

  it("stop on a signal that nobody but the system sends", async () => {
    const controller = new AbortController();
    const onReestimate = (batches: number) => {
      // As a handler of SIGINT does: not before the program waits, which it does now and then.
      if (batches === 1) setTimeout(() => controller.abort());
      for (const end = performance.now() + 60; performance.now() < end;);
    };
    const { finished } = await train({
      ...prepare(reestimate),
      onReestimate,
      signal: controller.signal,
    });
    expect(finished).toBe(false);
  });
});

describe("what a checkpoint would keep", () => {
  it.each([
    ["the weights themselves", {}, false],
    ["the averaged ones", { average: 0.9 }, true],
    ["those of the best epoch", { keep: "best" }, false],
    ["the averages of the best epoch", { keep: "best", average: 0.9 }, true],
  ] as const)("%s", async (_, more, isAveraged) => {
    const run = prepare(more);
    const { final, weights, bestEpoch, history } = await train(run);
    const kept = keptWeights(final);
    expect(bits(kept.weights)).toEqual(bits(weights));
    expect([kept.bestEpoch, kept.isAveraged]).toEqual([bestEpoch, isAveraged]);
    expect(bestEpoch === undefined).toBe(!("keep" in more));
    expect(historyOf(final)).toEqual(history);
    const isRaw = Object.keys(more).length === 0;
    const isLast = bestEpoch === 3 && !isAveraged;
    expect(JSON.stringify(bits(kept.weights)) === JSON.stringify(bits(final.weights))).toBe(
      isRaw || isLast,
    );
  });

  it("the weights themselves, where a checkpoint says nothing more", async () => {
    const { final } = await train(prepare({ epochs: 1 }));
    const bare = { ...final, state: { ...final.state, more: null } };
    expect(bits(keptWeights(bare).weights)).toEqual(bits(final.weights));
    expect(historyOf(bare)).toEqual([]);
  });
});

it("a training stops at a signal that nobody but the system sends, however it computes", async () => {
  const controller = new AbortController();
  // Without a turn for the timer it would come to its end.
  const run = prepare({ epochs: 2000 });
  const onEpoch = () => void setTimeout(() => controller.abort());
  const { finished } = await train({ ...run, onEpoch, signal: controller.signal });
  expect(finished).toBe(false);
});

it("keeps an epoch whose test cannot be read", async () => {
  const run = prepare({});
  const whole = await train(run);
  const broken: Examples = {
    ...run.testData!,
    async *pass(options) {
      yield* run.testData!.pass({ ...options, batch: 16 });
      throw new CorruptFile("val/dog/1.png", "is cut off or damaged", "Replace it.");
    },
  };
  const host = new MapHost();
  const checkpoints = { host, folder: "run", name: "last", everySteps: 1000 };
  await expect(train({ ...run, testData: broken, checkpoints })).rejects.toThrow(CorruptFile);
  const saved = await loadCheckpoint(host, "run", "last", await hashProgram(run.program));
  expect(saved.state.step).toBe(6);
  const resumed = await train({ ...run, resume: saved });
  expect(bits(resumed.weights)).toEqual(bits(whole.weights));
});
