import { weightsOf, type Island } from "../../compiler/ir/index.ts";
import type { Checkpoint, CheckpointTensor } from "./checkpoint.ts";
import { rowsOf } from "./rows.ts";
import type { NamesTable } from "./names-table.ts";
import type { Slot } from "./slots.ts";
import { fits, torchShape } from "./torch-layout.ts";
import type { ImportProblem } from "./unfit-checkpoint.ts";

/** A tensor and where it goes. */
export interface Assignment {
  readonly name: string;
  readonly tensor: CheckpointTensor;
  readonly slot: Slot;
}

export interface Matching {
  readonly table: NamesTable;
  /** By the slots' paths. */
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Blocks that get a merged kernel and bias in place of their branches' weights. */
  readonly merged: readonly Island[];
  readonly problems: readonly ImportProblem[];
  /** Names of what the spec has as a constant, and of counters. */
  readonly constants: readonly string[];
}

/** What of a checkpoint goes where, by the table that fits best. */
export function matchNames(
  checkpoint: Checkpoint,
  tables: readonly NamesTable[],
  slots: ReadonlyMap<string, Slot>,
): Matching {
  const matchings = tables.map((table) => matchBy(table, checkpoint, slots));
  const [best] = matchings.toSorted((a, b) => a.problems.length - b.problems.length);
  if (best === undefined) throw new Error("repqc bug: no table of names");
  return best;
}

function matchBy(
  table: NamesTable,
  { tensors }: Checkpoint,
  slots: ReadonlyMap<string, Slot>,
): Matching {
  const assignments = new Map<string, Assignment>();
  const problems: ImportProblem[] = [];
  const constants: string[] = [];
  for (const [name, tensor] of tensors) {
    const target = isCounter(name) ? null : table.pathOf(name);
    if (target === undefined) problems.push({ kind: "unexpected", name });
    else if (target === null) constants.push(name);
    else problems.push(...assignAll({ name, tensor }, target, slots, assignments));
  }
  const merged = mergedIslands(assignments);
  const replaced = new Set(merged.flatMap(({ body }) => weightsOf(body).map(({ path }) => path)));
  for (const { name, slot } of assignments.values())
    if (replaced.has(slot.path)) problems.push({ kind: "unexpected", name, path: slot.path });
  return {
    table,
    assignments,
    merged,
    constants,
    problems: [...problems, ...missing(slots, assignments, merged, replaced)],
  };
}

/** How many batches a normalization has seen is no weight. */
function isCounter(name: string): boolean {
  return /(^|\.)num_batches_tracked$/.test(name);
}

type Named = Pick<Assignment, "name" | "tensor">;

/** To one weight, or row by row to several. */
function assignAll(
  { name, tensor }: Named,
  target: string | readonly string[],
  slots: ReadonlyMap<string, Slot>,
  assignments: Map<string, Assignment>,
): readonly ImportProblem[] {
  if (typeof target === "string") return assign({ name, tensor }, target, slots, assignments);
  const rows = rowsOf(tensor, target.length);
  if (rows) {
    return target.flatMap((path, row) =>
      assign({ name: `${name}[${row}]`, tensor: rows[row] ?? tensor }, path, slots, assignments),
    );
  }
  const [path = ""] = target;
  const expected = [target.length, ...torchShape(slots.get(path)?.shape ?? [])];
  return [{ kind: "shape", name, path, found: tensor.shape, expected }];
}

function assign(
  { name, tensor }: Named,
  path: string,
  slots: ReadonlyMap<string, Slot>,
  assignments: Map<string, Assignment>,
): readonly ImportProblem[] {
  const slot = slots.get(path);
  if (slot === undefined) return [{ kind: "unexpected", name, path }];
  if (assignments.has(path)) return [{ kind: "twice", name, path }];
  assignments.set(path, { name, tensor, slot });
  if (tensor.isInteger) return [{ kind: "value", name, path, text: "counts in whole numbers" }];
  if (fits(tensor.shape, slot.shape)) return [];
  const expected = torchShape(slot.shape);
  return [{ kind: "shape", name, path, found: tensor.shape, expected }];
}

function mergedIslands(assignments: ReadonlyMap<string, Assignment>): readonly Island[] {
  return [...new Set([...assignments.values()].flatMap(({ slot }) => slot.island ?? []))];
}

/** The weights of all branches, or in a block that is given merged both parts of that. */
function missing(
  slots: ReadonlyMap<string, Slot>,
  assignments: ReadonlyMap<string, Assignment>,
  merged: readonly Island[],
  replaced: ReadonlySet<string>,
): readonly ImportProblem[] {
  return [...slots.values()]
    .filter(({ path, island }) => {
      const isNeeded = island ? merged.includes(island) : !replaced.has(path);
      return isNeeded && !assignments.has(path);
    })
    .map(({ path, shape }) => ({ kind: "missing", path, shape }));
}
