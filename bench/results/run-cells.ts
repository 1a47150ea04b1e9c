import type { DatasetParts } from "../../runtime/data/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { cellId, enlarger, startOf, type Cell } from "./cell.ts";
import { cellKey } from "./cell-key.ts";
import { classify, type Trained } from "./classify.ts";
import { compileCell } from "./compile-cell.ts";
import { enlarge } from "./enlarge.ts";
import { Diverged } from "../../runtime/train/index.ts";
import type { EnlargingData } from "./photographs.ts";
import type { Settings } from "./settings.ts";
import type { CellResult, ResultStore } from "./store.ts";
import { CellStopped, removeCheckpoint, type TrainingPlace } from "./train-cell.ts";

export interface ResultsWorld {
  readonly settings: Settings;
  readonly store: ResultStore;
  readonly place: TrainingPlace;
  readonly clothes: () => Promise<DatasetParts>;
  /** The reason where there is no data. */
  readonly enlarging: () => Promise<EnlargingData | string>;
  readonly tell: (line: string) => void;
  /** Seconds, from any moment on. */
  readonly clock: () => number;
}

/** Runs what is not yet there, in order, until all is there or the signal stops it. */
export async function runCells(cells: readonly Cell[], world: ResultsWorld): Promise<void> {
  const skipped = new Set<string>();
  for (const [index, cell] of cells.entries()) {
    if (world.place.signal.aborted) return;
    const key = cellKey(cell, world.settings);
    if (await isThere(cell, key, world)) {
      // Left where the command was killed between keeping the result and removing it.
      await removeCheckpoint(world.place, cell, key);
      continue;
    }
    const name = `${index + 1} of ${cells.length}: ${cellId(cell)}`;
    const reason = await reasonToSkip(cell, world);
    if (reason !== undefined) {
      if (!skipped.has(reason)) world.tell(`${cell.net} is left out: ${reason}`);
      skipped.add(reason);
      continue;
    }
    try {
      const { score, seconds } = await runCell(cell, key, world);
      world.tell(`${name}: ${score.toFixed(4)} in ${seconds.toFixed(0)} s`);
    } catch (error) {
      if (error instanceof Diverged) {
        world.tell(`${name}: ${error.message}`);
        continue;
      }
      if (!(error instanceof CellStopped)) throw error;
      world.tell(`${name}: stopped; the same command goes on from here`);
      return;
    }
  }
}

/** A finished cell whose weights are damaged is not there for those that start from it. */
async function isThere(cell: Cell, key: string, { store }: ResultsWorld): Promise<boolean> {
  const found = await store.find(cell, key);
  if (!found) return false;
  return found.weights === undefined || (await store.weights(found)) !== undefined;
}

async function reasonToSkip(cell: Cell, world: ResultsWorld): Promise<string | undefined> {
  if (cell.net === enlarger) {
    const data = await world.enlarging();
    return typeof data === "string" ? data : undefined;
  }
  const start = startOf(cell);
  if (!start || (await isThere(start, cellKey(start, world.settings), world))) return undefined;
  return `${cellId(start)}, from which it starts, has no result`;
}

async function runCell(cell: Cell, key: string, world: ResultsWorld): Promise<CellResult> {
  const begin = world.clock();
  const compiled = compileCell(cell, world.settings);
  const { score, weights } = await trained(cell, key, world);
  const result: CellResult = {
    ...cell,
    key,
    score,
    seconds: world.clock() - begin,
    parameters: countParameters(compiled.program),
  };
  await world.store.keep(result, isStart(cell) ? weights : undefined);
  await removeCheckpoint(world.place, cell, key);
  return result;
}

async function trained(cell: Cell, key: string, world: ResultsWorld): Promise<Trained> {
  const { settings, place } = world;
  const one = { cell, key, settings, compiled: compileCell(cell, settings) };
  if (cell.net !== enlarger) {
    const given = await givenWeights(cell, world);
    return classify({ ...one, given, clothes: await world.clothes() }, place);
  }
  const data = await world.enlarging();
  if (typeof data === "string") throw new Error("repqc bug: a cell without data was not left out");
  return enlarge({ ...one, data }, place);
}

async function givenWeights(
  cell: Cell,
  { settings, store }: ResultsWorld,
): Promise<HostWeights | undefined> {
  const start = startOf(cell);
  if (!start) return undefined;
  const found = await store.find(start, cellKey(start, settings));
  const weights = found && (await store.weights(found));
  if (!weights) throw new Error(`repqc bug: ${cellId(cell)} came before ${cellId(start)}`);
  return weights;
}

function isStart({ net, method }: Cell): boolean {
  return net !== enlarger && (method === "float" || method === "float-estimated");
}

/** What is deployed, without quantizers' steps. */
function countParameters({ deployed }: Program): number {
  return deployed
    .filter(({ role }) => role !== "step")
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
