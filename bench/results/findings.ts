import type { Cell } from "./cell.ts";
import { cellKey } from "./cell-key.ts";
import type { Settings } from "./settings.ts";
import type { CellResult, ResultStore } from "./store.ts";

/** The finished ones among cells, as the spec is now. */
export async function findResults(
  cells: readonly Cell[],
  store: ResultStore,
  settings: Settings,
): Promise<readonly CellResult[]> {
  const results: CellResult[] = [];
  for (const cell of cells) {
    const found = await store.find(cell, cellKey(cell, settings));
    if (found) results.push(found);
  }
  return results;
}
