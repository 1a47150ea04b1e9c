import { scoreOf, type EpochReport, type Progress } from "../../runtime/train/index.ts";
import type { Metrics } from "../../runtime/train/metrics.ts";
import { metricText } from "../metric-text.ts";
import type { Stage } from "../progress-bar.ts";
import type { MetricsLog } from "./metrics-log.ts";

export interface Watched {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Images per step. */
  readonly batch: number;
  /** Steps between two lines of metrics. */
  readonly logEvery: number;
  /** Steps taken before. */
  readonly step: number;
  /** Epochs before. */
  readonly history: readonly EpochReport[];
}

export interface Watch {
  readonly onProgress: (progress: Progress) => void;
  readonly onEpoch: (report: EpochReport) => void;
  readonly onReestimate: (batches: number, total: number) => void;
}

/** Tells a person of each step, a log of each epoch, and `metrics.jsonl` of both. */
export function watchTraining(
  { epochs, stepsPerEpoch, batch, logEvery, step: before, history }: Watched,
  metrics: MetricsLog,
  begin: (name: string) => Stage,
  now: () => number = () => performance.now(),
): Watch {
  const started = now();
  const seconds = (): number => Math.round(1e3 * metrics.seconds + (now() - started)) / 1e3;
  let stage: Stage | undefined;
  let speed = watchSpeed(batch, now);
  let step = before;
  let last = history.at(-1);
  let best = history.reduce<EpochReport | undefined>(betterOf, undefined);
  const stageOf = (epoch: number): Stage => {
    if (!stage) speed = watchSpeed(batch, now);
    return (stage ??= begin(`epoch ${epoch} of ${epochs}`));
  };
  return {
    onProgress: (progress) => {
      const { epoch, loss, rate, accuracy, secondsLeft } = progress;
      step = progress.step;
      if (step % logEvery === 0) {
        const line = { kind: "step", epoch, step, loss, rate } as const;
        metrics.append({
          ...line,
          ...(accuracy !== undefined && { accuracy }),
          seconds: seconds(),
        });
      }
      const tested = last?.test && best?.test ? describeBoth(last.test, best.test) : "";
      const notes = [`loss ${loss.toFixed(3)}`, tested, speed(), timeLeft(secondsLeft)];
      const done = step - (epoch - 1) * stepsPerEpoch;
      stageOf(epoch).update(done, stepsPerEpoch, notes.filter((note) => note !== "").join(", "));
    },
    onEpoch: (report) => {
      const { epoch, loss, trainAccuracy, test } = report;
      const earlier = best;
      [last, best] = [report, betterOf(best, report)];
      const line = { kind: "epoch", epoch, step, loss } as const;
      metrics.append({
        ...line,
        ...(trainAccuracy !== undefined && { accuracy: trainAccuracy }),
        ...(test && { test }),
        seconds: seconds(),
      });
      const beside = earlier?.test && best === earlier ? ` (best ${describeTest(earlier)})` : "";
      stageOf(epoch).end(describeEpoch(report) + beside);
      stage = undefined;
    },
    onReestimate: (batches, total) => {
      stage ??= begin("statistics, measured anew");
      stage.update(batches, total, `${batches * batch} images`);
      if (batches < total) return;
      stage.end(`of ${batches * batch} images`);
      stage = undefined;
    },
  };
}

/** `loss 0.312, test accuracy 90.13 %`. */
export function describeEpoch({ loss, test = {} }: EpochReport): string {
  const found = Object.entries(test).map(
    ([name, value]) => `test ${nameOf(name)} ${metricText(name, value)}`,
  );
  return [`loss ${loss.toFixed(4)}`, ...found].join(", ");
}

function nameOf(metric: string): string {
  return metric === "accuracy" ? metric : metric.toUpperCase();
}

/** The first of equally good epochs, as the one that is kept. */
function betterOf(best: EpochReport | undefined, next: EpochReport): EpochReport | undefined {
  if (!next.test) return best;
  return best?.test && !(scoreOf(next.test) > scoreOf(best.test)) ? best : next;
}

/** `37.18 dB, epoch 4`. */
function describeTest({ epoch, test = {} }: EpochReport): string {
  const values = Object.entries(test).map(([name, value]) => metricText(name, value));
  return `${values.join(", ")}, epoch ${epoch}`;
}

/** `PSNR 37.11 dB, best 37.18 dB`, of the epochs before. */
function describeBoth(last: Metrics, best: Metrics): string {
  return Object.entries(last)
    .map(([name, value]) => {
      const found = metricText(name, best[name] ?? value);
      const own = metricText(name, value);
      return `${nameOf(name)} ${own}${found === own ? "" : `, best ${found}`}`;
    })
    .join(", ");
}

/** Images in a second, asked after each step; the first step does not count, because it also compiles. */
function watchSpeed(batch: number, now: () => number): () => string {
  let [start, steps] = [0, -1];
  return () => {
    steps += 1;
    if (steps === 0) start = now();
    const elapsed = (now() - start) / 1e3;
    return steps === 0 || elapsed === 0 ? "" : `${Math.round((steps * batch) / elapsed)} images/s`;
  };
}

/** `1 h 02 min left`. */
function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min left`;
  return minutes > 0
    ? `${minutes} min ${String(whole % 60).padStart(2, "0")} s left`
    : `${whole} s left`;
}
