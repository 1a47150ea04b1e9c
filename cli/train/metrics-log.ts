import { appendFileSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UnwritableFile } from "../../runtime/files.ts";
import type { Metrics } from "../../runtime/train/metrics.ts";
import { namingNotFinite } from "../../runtime/written-number.ts";
import { codeOf, wordingOf } from "../file-problem.ts";
import { filesIn } from "../files.ts";

/** One line of `metrics.jsonl`: after some steps, or after an epoch. */
export interface MetricsLine {
  readonly kind: "step" | "epoch";
  /** From 1. */
  readonly epoch: number;
  /** Steps taken in the whole run. */
  readonly step: number;
  /** Of the step, or the mean over the epoch. */
  readonly loss: number;
  /** Learning rate of the step. */
  readonly rate?: number;
  /** Share of the epoch's images so far that were classified right while training. */
  readonly accuracy?: number;
  /** On the test part, after an epoch; in the file, a number that is not finite is its name, `"Infinity"` or `"NaN"`. */
  readonly test?: Metrics;
  /** Of training, all sessions together. */
  readonly seconds: number;
}

/** A line as it stands in the file. */
type WrittenLine = Omit<MetricsLine, "test">;

/** Where a checkpoint stands: steps taken, epochs ended. */
export interface Position {
  readonly step: number;
  readonly epoch: number;
}

export interface MetricsLog {
  /** Of the lines that were kept. */
  readonly seconds: number;
  /** @throws UnwritableFile */
  readonly append: (line: MetricsLine) => void;
}

/**
 * Opens the metrics of a run that stands at `position`. Lines that a killed session wrote behind it are cut off, and so is a half-written one: these
 * steps are taken again.
 * @throws UserMistake, UnwritableFile
 */
export function openMetrics(folder: string, file: string, position: Position): MetricsLog {
  const path = resolve(folder, file);
  const text = readIfThere(path);
  const kept = text.split("\n").flatMap((line) => {
    const read = readLine(line);
    return read && isBefore(read, position) ? [read] : [];
  });
  const lines = kept.map((line) => `${JSON.stringify(line)}\n`).join("");
  if (lines !== text) filesIn(folder).write(file, lines);
  const append = (line: MetricsLine): void => {
    try {
      appendFileSync(path, `${JSON.stringify(line, namingNotFinite)}\n`);
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      const { reason, hint = "try again" } = wordingOf(code);
      throw new UnwritableFile(file, `cannot be written: ${reason}`, hint);
    }
  };
  return { seconds: kept.at(-1)?.seconds ?? 0, append };
}

function isBefore({ kind, step, epoch }: WrittenLine, position: Position): boolean {
  return kind === "step" ? step <= position.step : epoch <= position.epoch;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readLine(line: string): WrittenLine | undefined {
  try {
    return JSON.parse(line) as WrittenLine;
  } catch {
    return undefined;
  }
}
