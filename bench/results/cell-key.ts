import { createHash } from "node:crypto";
import { enlarger, startOf, type Cell } from "./cell.ts";
import { compileCell } from "./compile-cell.ts";
import { photographs, shrinking } from "./photographs.ts";
import type { Settings } from "./settings.ts";

/**
 * What a cell's number depends on, in 16 digits: the program that is trained and merged, the recipe with its seed, how much data, and the
 * cell that it starts from. A finished cell counts as long as these are the same. The runtime's own code is not among them: where that
 * changes, the folder of results is to be removed.
 */
export function cellKey(cell: Cell, settings: Settings): string {
  const { program, recipe } = compileCell(cell, settings);
  const { train, merge, weights } = program;
  const { trainingImages, testImages, patch } = settings;
  const data =
    cell.net === enlarger ? { patch, photographs, shrinking } : { trainingImages, testImages };
  const start = startOf(cell);
  const parts = [train, merge, weights, recipe, data, start ? cellKey(start, settings) : null];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
