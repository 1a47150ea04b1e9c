import type { Island, Model, Program } from "../../compiler/ir/index.ts";
import { weightPath } from "../../compiler/ir/index.ts";
import {
  equalize,
  type Equalized,
  type EqualizedSeam,
  type InputBatch,
} from "../equalize/index.ts";
import { withoutQuantizers } from "../without-quantizers.ts";
import type { HostTensor } from "../safetensors.ts";
import { initialWeights, type HostWeights } from "../weights.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { matchNames, type Assignment, type Matching } from "./match-names.ts";
import type { NamesTable } from "./names-table.ts";
import { outputOrders, type OutputOrder } from "./pixel-shuffle.ts";
import { slotsOf } from "./slots.ts";
import { fromTorchLayout } from "./torch-layout.ts";
import {
  CannotEqualize,
  CannotUnmerge,
  MergedCheckpoint,
  UnfitCheckpoint,
  type ImportProblem,
} from "./unfit-checkpoint.ts";
import { unmergeIsland } from "./unmerge.ts";

export interface ImportRequest {
  readonly checkpoint: Checkpoint;
  /** What to call it in errors. */
  readonly file: string;
  readonly tables: readonly NamesTable[];
  readonly program: Program;
  /** The model that the program was made of. */
  readonly model: Model;
  /** Merged weights go into the dense branch of a block; its other branches begin as training would begin them, by this seed. */
  readonly unmerge?: { readonly seed: number };
  /** Merged weights are equalized first, with ranges that these inputs have on the open backend. */
  readonly equalize?: AsyncIterable<InputBatch>;
}

export interface Imported {
  /** All weights of the program but steps of quantizers, in its order and layout (kernels HWIO). */
  readonly weights: HostWeights;
  /** Whose names were found. */
  readonly of: string;
  /** How many tensors of the checkpoint were taken. */
  readonly taken: number;
  /** Names of tensors that are constants of the spec, or count batches. */
  readonly constants: readonly string[];
  /** Paths of the blocks that were unmerged. */
  readonly unmerged: readonly string[];
  /** What was equalized, where that was asked for. */
  readonly equalized?: readonly EqualizedSeam[];
}

/**
 * The weights of a program from somebody's checkpoint. Every tensor and every weight is accounted for.
 *
 * @throws UnfitCheckpoint (tensors missing, unknown, of another shape, not finite), MergedCheckpoint, CannotUnmerge, CannotEqualize; CorruptFile and
 * ForeignFile of the checkpoint
 */
export async function importWeights(request: ImportRequest): Promise<Imported> {
  const { checkpoint, file, tables, program, model, unmerge } = request;
  const orders = outputOrders(model, file);
  const matching = matchNames(checkpoint, tables, slotsOf(program, model));
  const { of } = matching.table;
  if (matching.problems.length > 0) throw new UnfitCheckpoint(file, matching.problems, of);
  const blocks = matching.merged.map(({ path }) => path);
  if (blocks.length > 0 && unmerge === undefined) throw new MergedCheckpoint(file, blocks);
  const converted = await convert(matching, orders, request);
  const { weights: given, seams: equalized } = await equalizeMerged(converted, request);
  const whole = unmergeAll(matching.merged, given, request);
  return {
    weights: inOrder(program, whole),
    of,
    taken: matching.assignments.size,
    constants: matching.constants,
    unmerged: blocks,
    ...(equalized && { equalized }),
  };
}

async function convert(
  { assignments, table }: Matching,
  orders: ReadonlyMap<string, OutputOrder>,
  { file }: ImportRequest,
): Promise<Map<string, HostTensor>> {
  const weights = new Map<string, HostTensor>();
  const problems: ImportProblem[] = [];
  for (const [path, assignment] of assignments) {
    const { tensor, slot } = assignment;
    const numbers = await tensor.read();
    const problem = findWrongNumber(assignment, numbers);
    if (problem) problems.push(problem);
    const data = fromTorchLayout(numbers, slot.shape, orders.get(path));
    weights.set(path, { shape: slot.shape, data });
  }
  if (problems.length > 0) throw new UnfitCheckpoint(file, problems, table.of);
  return weights;
}

function findWrongNumber(
  { name, slot }: Assignment,
  data: Float32Array,
): ImportProblem | undefined {
  const { path } = slot;
  const wrong = data.findIndex((number) => !Number.isFinite(number));
  if (wrong >= 0) {
    return { kind: "value", name, path, text: `holds ${data[wrong]} at position ${wrong}` };
  }
  const low = path.endsWith(".variance") ? data.findIndex((number) => number < 0) : -1;
  if (low < 0) return undefined;
  return {
    kind: "value",
    name,
    path,
    text: `is a variance, but ${data[low]} at ${low} is negative`,
  };
}

/** Where that was asked for. */
async function equalizeMerged(
  weights: HostWeights,
  { equalize: batches, program, file }: ImportRequest,
): Promise<Partial<Equalized> & Pick<Equalized, "weights">> {
  if (!batches) return { weights };
  const floating = withoutQuantizers(program);
  const isMerged = floating.deployed.every(({ path }) => weights.has(path));
  if (!isMerged) throw new CannotEqualize(file);
  return equalize(floating.deploy, weights, batches);
}

function unmergeAll(
  islands: readonly Island[],
  given: HostWeights,
  { program, unmerge, file }: ImportRequest,
): HostWeights {
  if (islands.length === 0) return given;
  const initial = initialWeights(program, unmerge?.seed ?? 0);
  const whole = new Map([...initial, ...given]);
  for (const island of islands) {
    const part = (name: string) => take(given, weightPath(island.path, name));
    const merged = { kernel: part("kernel"), bias: part("bias") };
    const changed = unmergeIsland(island, merged, whole);
    if (changed === undefined) throw new CannotUnmerge(file, island.path);
    for (const [path, tensor] of changed) whole.set(path, tensor);
  }
  return whole;
}

function inOrder({ weights }: Program, tensors: HostWeights): HostWeights {
  const learned = weights.filter(({ role }) => role !== "step");
  return new Map(learned.map(({ path }) => [path, take(tensors, path)]));
}

function take(tensors: HostWeights, path: string): HostTensor {
  const tensor = tensors.get(path);
  if (!tensor) throw new Error(`repqc bug: there is no weight \`${path}\``);
  return tensor;
}
