import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Island } from "../../compiler/ir/index.ts";
import { weightPath } from "../../compiler/ir/index.ts";
import { compareWithExact, type MergeError } from "../../compiler/prove/index.ts";
import { mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import { openChosenBackend, type BackendChoice } from "../backend-options.ts";
import type { CompiledEntry } from "../compile-entry.ts";
import { readTensors } from "../run/read-tensors.ts";
import { requireWeights } from "../run/require-weights.ts";
import { UserMistake } from "../user-mistake.ts";

/** What the comparison is made of, as the user named it. */
interface Source extends BackendChoice {
  readonly folder: string;
  readonly weights: string;
  /** Hears which backend merges. */
  readonly note: (text: string) => void;
}

/**
 * Merges given weights as `repqc run` does, in float32 on a backend, and compares every island with the exact merge.
 * @throws UserMistake where the weights do not fit or are out of range
 */
export async function compareMerge(
  compiled: CompiledEntry,
  { folder, weights: file, note, ...choice }: Source,
): Promise<ReadonlyMap<string, MergeError>> {
  const weights = withoutSteps(readTensors(folder, file));
  requireWeights(compiled, weights, { weights: file, input: file });
  await openChosenBackend(choice, note);
  const merged = await mergeWeights(compiled.program, weights);
  requireFinite(merged, file);
  const islands = compiled.model.model.nodes.filter((node) => node.kind === "island");
  return new Map(islands.map((island) => [island.path, compareIsland(island, weights, merged)]));
}

function compareIsland(island: Island, weights: HostWeights, merged: HostWeights): MergeError {
  const numbers = (tensors: HostWeights, path: string) => {
    const tensor = tensors.get(path);
    if (!tensor) throw new Error(`repqc bug: there is no weight \`${path}\``);
    return tensor.data;
  };
  const float32 = {
    kernel: numbers(merged, weightPath(island.path, "kernel")),
    bias: numbers(merged, weightPath(island.path, "bias")),
  };
  const read = (path: string) => new Float64Array(numbers(weights, path));
  return compareWithExact(island, read, float32);
}

/** Steps of quantizers, which quantized training leaves beside the weights, take no part in the merge. */
function withoutSteps(tensors: HostWeights): HostWeights {
  return new Map([...tensors].filter(([path]) => !/(^|\.)step$/.test(path)));
}

/** Weights that are finite themselves may merge to numbers that float32 cannot hold. @throws UserMistake */
function requireFinite(merged: HostWeights, file: string): void {
  for (const [name, { data }] of merged) {
    const position = data.findIndex((number) => !Number.isFinite(number));
    if (position < 0) continue;
    const found = String(data[position]);
    const parameters = { name, found, position, weights: file, input: file };
    const help = `check the weights in \`${file}\` that \`${name}\` is merged from: some are out of range`;
    throw new UserMistake(diagnostic("config/not-finite", undefined, parameters, { help }));
  }
}
