import type { EpochReport, Progress } from "../../runtime/train/index.ts";
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
}

export interface Watch {
  readonly onProgress: (progress: Progress) => void;
  readonly onEpoch: (report: EpochReport) => void;
}

/** Tells a person of each step, a log of each epoch, and `metrics.jsonl` of both. */
export function watchTraining(
  { epochs, stepsPerEpoch, batch, logEvery, step: before }: Watched,
  metrics: MetricsLog,
  begin: (name: string) => Stage,
  now: () => number = () => performance.now(),
): Watch {
  const started = now();
  const seconds = (): number => Math.round(1e3 * metrics.seconds + (now() - started)) / 1e3;
  let stage: Stage | undefined;
  let speed = watchSpeed(batch, now);
  let step = before;
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
      const notes = [`loss ${loss.toFixed(3)}`, speed(), timeLeft(secondsLeft)];
      const done = step - (epoch - 1) * stepsPerEpoch;
      stageOf(epoch).update(done, stepsPerEpoch, notes.filter((note) => note !== "").join(", "));
    },
    onEpoch: ({ epoch, loss, trainAccuracy, test }) => {
      const line = { kind: "epoch", epoch, step, loss } as const;
      metrics.append({
        ...line,
        ...(trainAccuracy !== undefined && { accuracy: trainAccuracy }),
        ...(test && { test }),
        seconds: seconds(),
      });
      stageOf(epoch).end(describeEpoch({ epoch, loss, ...(test && { test }) }));
      stage = undefined;
    },
  };
}

/** `loss 0.312, test accuracy 90.13 %`. */
export function describeEpoch({ loss, test = {} }: EpochReport): string {
  const found = Object.entries(test).map(([name, value]) =>
    name === "accuracy"
      ? `test accuracy ${(100 * value).toFixed(2)} %`
      : `test ${name.toUpperCase()} ${value.toFixed(2)} dB`,
  );
  return [`loss ${loss.toFixed(4)}`, ...found].join(", ");
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
