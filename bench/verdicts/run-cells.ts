import { CellStopped, type TrainingPlace } from "../results/train-cell.ts";
import { cellId, type Cell } from "./cell.ts";
import { judge } from "./judge.ts";
import { keyOf } from "./key.ts";
import { engines } from "../../runtime/verify/index.ts";
import type { VerdictStore } from "./store.ts";
import type { Subject } from "./subject.ts";
import type { CellVerdict } from "./verdict.ts";

export interface VerdictsWorld {
  readonly subjectOf: (cell: Cell) => Subject;
  readonly store: VerdictStore;
  readonly place: TrainingPlace;
  readonly tell: (line: string) => void;
  /** Told how far a cell under way is. */
  readonly progress: (text: string) => void;
  /** Seconds, from any moment on. */
  readonly clock: () => number;
}

/** Grows when what is kept of a cell changes. */
const format = 2;

/**
 * What a cell's verdict depends on. The exporter's and the engines' own code are not among it: where that changes, the cells are to be removed.
 */
export function keyOfSubject({ program, float, origin }: Subject): string {
  const { train, deploy, weights } = program;
  const names = engines.map(({ name }) => name);
  return keyOf([format, names, train, deploy, weights, float.weights, origin]);
}

/** Runs what is not yet there, in order, until all is there or the signal stops it. */
export async function runCells(cells: readonly Cell[], world: VerdictsWorld): Promise<void> {
  const { subjectOf, store, place, tell, progress, clock } = world;
  for (const [index, cell] of cells.entries()) {
    if (place.signal.aborted) return;
    const subject = subjectOf(cell);
    const key = keyOfSubject(subject);
    if (await store.find(cell, key)) continue;
    const name = `${index + 1} of ${cells.length}: ${cellId(cell)}`;
    const missing = await subject.missing();
    if (missing !== undefined) {
      tell(`${name} is left out: ${missing}`);
      continue;
    }
    const begin = clock();
    try {
      const trained = await subject.weights({ store, place });
      const verdict = await judge(subject, trained, { signal: place.signal, tell: progress });
      await store.keep(cell, key, verdict);
      tell(`${name}: ${resultText(verdict)}, in ${(clock() - begin).toFixed(0)} s`);
    } catch (error) {
      if (!(error instanceof CellStopped)) throw error;
      tell(`${name}: stopped; the same command goes on from here`);
      return;
    }
  }
}

function resultText({ rows, isVerified }: CellVerdict): string {
  const differing = rows.reduce((total, row) => total + row.differing, 0);
  return `${isVerified ? "verified" : "NOT VERIFIED"}, ${differing} differ`;
}
