import type { JsonValue } from "../json.ts";
import { namingNotFinite, numberOf, type WrittenNumber } from "../written-number.ts";
import { metricsOf, scoreOf, type WrittenMetrics } from "./metrics.ts";
import type { EpochReport } from "./progress.ts";
import type { Recipe } from "./recipe.ts";

/** Sums over the steps of the present epoch. */
export interface Tally {
  readonly loss: number;
  readonly correct: number;
  readonly steps: number;
}

/** What a session keeps in a checkpoint besides positions and tensors. */
export interface SessionRecord {
  readonly recipe: Recipe;
  readonly data: string;
  readonly tally: Tally;
  /** The epoch with the best score so far, finished ones counted from 1. */
  readonly best: { readonly epoch: number; readonly score: number } | null;
  readonly history: readonly EpochReport[];
}

type KnownRecord = Partial<SessionRecord> & Pick<SessionRecord, "best" | "history">;

/** The same in a file. */
interface WrittenRecord extends Pick<SessionRecord, "recipe" | "data" | "tally"> {
  readonly best: { readonly epoch: number; readonly score: WrittenNumber | null } | null;
  readonly history: readonly (Omit<EpochReport, "test"> & { readonly test?: WrittenMetrics })[];
}

/** Metrics that are not finite are named; a recipe is compared as JSON has it. */
export function writeSession({ best, history, ...record }: SessionRecord): JsonValue {
  const named = JSON.parse(JSON.stringify({ best, history }, namingNotFinite)) as object;
  return JSON.parse(JSON.stringify({ ...record, ...named })) as JsonValue;
}

/** What `writeSession` wrote, in this version or an earlier one; other trainers may keep nothing of this. */
export function readSession(more: JsonValue): KnownRecord {
  const {
    best = null,
    history = [],
    ...record
  } = (more ?? {}) as unknown as Partial<WrittenRecord>;
  const found = history.map(({ test, ...report }) => {
    const metrics = metricsOf(test);
    return metrics ? { ...report, test: metrics } : report;
  });
  return { ...record, best: best && { ...best, score: scoreIn(best, found) }, history: found };
}

/** An earlier version wrote another score than that of the epoch's metrics where these are not finite. */
function scoreIn(
  { epoch, score }: NonNullable<WrittenRecord["best"]>,
  history: readonly EpochReport[],
): number {
  const { test } = history[epoch - 1] ?? {};
  return test ? scoreOf(test) : (numberOf(score) ?? NaN);
}
