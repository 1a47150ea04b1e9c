/** What a person reads while a training goes on. */
import { describe, expect, it } from "vitest";
import type { MetricsLog } from "../../cli/train/metrics-log.ts";
import { watchTraining } from "../../cli/train/watch-training.ts";
import type { EpochReport } from "../../runtime/train/index.ts";

/** Everything that stages show, in order. */
function watch(history: readonly EpochReport[] = []) {
  const shown: string[] = [];
  const begin = (name: string) => ({
    update: (done: number, total: number, note = "") =>
      void shown.push(`${name} ${done}/${total}: ${note}`),
    end: (note: string) => void shown.push(`${name}: ${note}`),
    abort: () => {},
  });
  const metrics = { seconds: 0, append: () => {} } as unknown as MetricsLog;
  const watched = { epochs: 4, stepsPerEpoch: 2, batch: 8, logEvery: 50, step: 0, history };
  return { shown, ...watchTraining(watched, metrics, begin, () => 0) };
}

const epoch = (number: number, psnr: number): EpochReport => ({
  epoch: number,
  loss: 0.01,
  test: { psnr },
});
const progress = { epochs: 4, steps: 8, loss: 0.01, rate: 0.1 };

describe("the best beside the last", () => {
  it("where images are equal, or no numbers", () => {
    const { shown, onEpoch } = watch([epoch(1, NaN)]);
    onEpoch(epoch(2, Infinity));
    onEpoch(epoch(3, 40));
    onEpoch(epoch(4, NaN));
    expect(shown).toEqual([
      "epoch 2 of 4: loss 0.0100, test PSNR ∞ dB",
      "epoch 3 of 4: loss 0.0100, test PSNR 40.00 dB (best ∞ dB, epoch 2)",
      "epoch 4 of 4: loss 0.0100, test PSNR no number (best ∞ dB, epoch 2)",
    ]);
  });

  it("at the end of an epoch that is not the best", () => {
    const { shown, onEpoch } = watch();
    for (const [index, psnr] of [37.1, 37.25, 37.2, 37.25].entries())
      onEpoch(epoch(index + 1, psnr));
    expect(shown).toEqual([
      "epoch 1 of 4: loss 0.0100, test PSNR 37.10 dB",
      "epoch 2 of 4: loss 0.0100, test PSNR 37.25 dB",
      "epoch 3 of 4: loss 0.0100, test PSNR 37.20 dB (best 37.25 dB, epoch 2)",
      "epoch 4 of 4: loss 0.0100, test PSNR 37.25 dB (best 37.25 dB, epoch 2)",
    ]);
  });

  it("while the next epochs go on", () => {
    const { shown, onEpoch, onProgress } = watch();
    onProgress({ ...progress, epoch: 1, step: 1 });
    onEpoch(epoch(1, 37.25));
    onProgress({ ...progress, epoch: 2, step: 3 });
    onEpoch(epoch(2, 37.2));
    onProgress({ ...progress, epoch: 3, step: 5 });
    expect(shown.filter((line) => line.includes("/"))).toEqual([
      "epoch 1 of 4 1/2: loss 0.010",
      "epoch 2 of 4 1/2: loss 0.010, PSNR 37.25 dB",
      "epoch 3 of 4 1/2: loss 0.010, PSNR 37.20 dB, best 37.25 dB",
    ]);
  });

  it("knows the epochs before a stop", () => {
    const { shown, onEpoch } = watch([epoch(1, 37.3), epoch(2, 37.1)]);
    onEpoch(epoch(3, 37.2));
    expect(shown).toEqual([
      "epoch 3 of 4: loss 0.0100, test PSNR 37.20 dB (best 37.30 dB, epoch 1)",
    ]);
  });

  it("says nothing where nothing is tested", () => {
    const { shown, onEpoch, onProgress } = watch();
    onEpoch({ epoch: 1, loss: 0.5 });
    onProgress({ ...progress, epoch: 2, step: 3 });
    expect(shown).toEqual(["epoch 1 of 4: loss 0.5000", "epoch 2 of 4 1/2: loss 0.010"]);
  });

  it("counts classes in percent", () => {
    const { shown, onEpoch } = watch();
    onEpoch({ epoch: 1, loss: 0.5, test: { accuracy: 0.91 } });
    onEpoch({ epoch: 2, loss: 0.5, test: { accuracy: 0.9 } });
    expect(shown.at(-1)).toBe(
      "epoch 2 of 4: loss 0.5000, test accuracy 90.00 % (best 91.00 %, epoch 1)",
    );
  });
});

it("statistics that are measured anew are a stage of their own", () => {
  const { shown, onEpoch, onReestimate } = watch();
  onEpoch(epoch(4, 37));
  for (const batches of [1, 2]) onReestimate(batches, 2);
  expect(shown.slice(1)).toEqual([
    "statistics, measured anew 1/2: 8 images",
    "statistics, measured anew 2/2: 16 images",
    "statistics, measured anew: of 16 images",
  ]);
});
