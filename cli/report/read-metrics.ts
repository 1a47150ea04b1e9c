import { CorruptFile } from "../../runtime/files.ts";
import { metricsOf } from "../../runtime/train/metrics.ts";
import type { MetricsLine } from "../train/metrics-log.ts";

export interface Metrics {
  readonly steps: readonly MetricsLine[];
  readonly epochs: readonly MetricsLine[];
  /** A killed training left half a line at the end, which does not count. */
  readonly isCutOff: boolean;
}

const help =
  "Go on with the run, which mends its end (`repqc train --resume -o RUN`), or bring back the file as training wrote it.";

/** Whether nothing was measured yet, or the file is gone. */
export function isEmpty({ steps, epochs }: Metrics): boolean {
  return steps.length + epochs.length === 0;
}

/**
 * Reads `metrics.jsonl`: every line whole, in order, no epoch missing. Only the end may be cut off, as a killed training leaves it.
 * @throws CorruptFile
 */
export function readMetrics(text: string, file: string): Metrics {
  const rows = text.split("\n");
  const rest = rows.pop() ?? "";
  const lines = rows.map((row, index) => parseLine(row, file, index + 1));
  const steps = lines.filter(({ kind }) => kind === "step");
  const epochs = lines.filter(({ kind }) => kind === "epoch");
  requireOrder(lines, file);
  return { steps, epochs, isCutOff: rest !== "" };
}

function parseLine(row: string, file: string, number: number): MetricsLine {
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    throw damaged(file, number, "is not JSON");
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw damaged(file, number, problem);
  const { test, ...line } = value as MetricsLine;
  if (test === undefined) return line;
  const metrics = metricsOf(test);
  if (!metrics) throw damaged(file, number, "has no numbers in `test`");
  return { ...line, test: metrics };
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "is no record";
  const line: Readonly<Record<string, unknown>> = { ...value };
  if (line["kind"] !== "step" && line["kind"] !== "epoch") return "is neither a step nor an epoch";
  for (const name of ["epoch", "step"]) {
    const found = line[name];
    if (!Number.isInteger(found) || Number(found) < 1) return `has no whole number \`${name}\``;
  }
  for (const name of ["loss", "seconds"]) {
    if (!isFinite(line[name])) return `has no number \`${name}\``;
  }
  for (const name of ["rate", "accuracy"]) {
    if (line[name] !== undefined && !isFinite(line[name])) return `has no number \`${name}\``;
  }
  return undefined;
}

function isFinite(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

/** Steps never go back, and epochs follow each other. */
function requireOrder(lines: readonly MetricsLine[], file: string): void {
  let [step, epoch] = [0, 0];
  lines.forEach((line, index) => {
    if (line.step < step)
      throw damaged(file, index + 1, `goes back from step ${step} to ${line.step}`);
    step = line.step;
    if (line.kind === "step") return;
    if (line.epoch !== epoch + 1) {
      const missing = epoch + 1 === line.epoch - 1 ? `epoch ${epoch + 1} is` : "epochs are";
      throw damaged(file, index + 1, `is of epoch ${line.epoch}, and ${missing} missing before it`);
    }
    epoch = line.epoch;
  });
}

function damaged(file: string, number: number, problem: string): CorruptFile {
  return new CorruptFile(file, `has a line ${number} that ${problem}`, help);
}
