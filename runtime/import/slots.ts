import { weightPath, type Island, type Model, type Program } from "../../compiler/ir/index.ts";

/** A place that a tensor of a checkpoint can go to. */
export interface Slot {
  readonly path: string;
  readonly shape: readonly number[];
  /** Merged kernels and biases only: the block whose branches take it. */
  readonly island?: Island;
}

/** The weights of a program but for steps, and by the same kind of paths the merged kernel and bias of each of its blocks. */
export function slotsOf(program: Program, model: Model): ReadonlyMap<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const { path, shape, role } of program.weights)
    if (role !== "step") slots.set(path, { path, shape });
  for (const node of model.nodes) {
    if (node.kind !== "island") continue;
    const merged = mergedSlots(node);
    // A single convolution is its own merge.
    if (!slots.has(merged[0].path)) for (const slot of merged) slots.set(slot.path, slot);
  }
  return slots;
}

function mergedSlots(island: Island): readonly [Slot, Slot] {
  const { body, path, promised } = island;
  const { height, width } = promised.size;
  const shape = [height, width, body.in / promised.groups, body.out];
  return [
    { path: weightPath(path, "kernel"), shape, island },
    { path: weightPath(path, "bias"), shape: [body.out], island },
  ];
}
