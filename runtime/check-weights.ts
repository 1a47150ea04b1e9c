import type { DeployedSpec, WeightSpec } from "../compiler/ir/program.ts";
import { findClosestName } from "./backends/closest-name.ts";
import { FileProblem } from "./files.ts";
import type { HostTensor } from "./safetensors.ts";
import type { HostWeights } from "./weights.ts";

/** What is wrong with one tensor; `text` says all of it as a clause. */
export interface WeightProblem {
  readonly kind: "missing" | "unexpected" | "shape" | "value";
  readonly path: string;
  readonly text: string;
  /** The name that may have been meant. */
  readonly closest?: string | undefined;
  /** `shape`: what the program needs, and what the file has. */
  readonly expected?: readonly number[];
  readonly found?: readonly number[];
}

/** Tensors that are not the weights of a program; the message lists what is wrong with which. */
export class UnfitWeights extends FileProblem {
  /** All of them. */
  readonly problems: readonly WeightProblem[];

  constructor(file: string, problems: readonly WeightProblem[]) {
    const shown = problems.slice(0, mostShown).map(({ text }) => `\n  - ${text}`);
    const rest = problems.length > mostShown ? `\n  - and ${problems.length - mostShown} more` : "";
    const help = "`repqc weights` lists the paths and shapes that the program has.";
    super(file, `does not hold the program's weights:${shown.join("")}${rest}\n`, help);
    this.problems = problems;
  }
}

const mostShown = 8;

export interface CheckOptions {
  /** Steps may be missing, as in a floating-point checkpoint from which quantized training starts. */
  readonly stepsOptional?: boolean;
}

/**
 * Holds tensors against what a program needs: every weight there, in its shape, finite, steps positive, variances not
 * negative, and nothing else.
 * @param name what to call the tensors' file in the message
 * @throws UnfitWeights
 */
export function checkWeights(
  specs: readonly (WeightSpec | DeployedSpec)[],
  tensors: HostWeights,
  name: string,
  options: CheckOptions = {},
): void {
  const problems = problemsOf(specs, tensors, options);
  if (problems.length > 0) throw new UnfitWeights(name, problems);
}

function problemsOf(
  specs: readonly (WeightSpec | DeployedSpec)[],
  tensors: HostWeights,
  options: CheckOptions,
): readonly WeightProblem[] {
  const known = new Map(specs.map((spec) => [spec.path, spec]));
  const unexpected = [...tensors.keys()].filter((path) => !known.has(path));
  const problems = specs.flatMap((spec) => {
    const tensor = tensors.get(spec.path);
    if (tensor) return checkTensor(spec, tensor);
    if (options.stepsOptional && spec.role === "step") return [];
    return [describeMissing(spec, tensors, unexpected)];
  });
  const missing = specs.filter(({ path }) => !tensors.has(path)).map(({ path }) => path);
  const strangers = unexpected.map((path) => describeUnexpected(path, missing, [...known.keys()]));
  return [...problems, ...strangers];
}

/** Whether {@link checkWeights} has nothing to say. */
export function areWeightsOf(
  specs: readonly (WeightSpec | DeployedSpec)[],
  tensors: HostWeights,
  options: CheckOptions = {},
): boolean {
  return problemsOf(specs, tensors, options).length === 0;
}

function checkTensor(
  { path, shape, role }: WeightSpec | DeployedSpec,
  tensor: HostTensor,
): readonly WeightProblem[] {
  if (!isSameShape(shape, tensor.shape)) {
    const text = `\`${path}\` has shape ${print(tensor.shape)} instead of ${print(shape)}`;
    return [{ kind: "shape", path, text, expected: shape, found: tensor.shape }];
  }
  const at = tensor.data.findIndex((number) => !Number.isFinite(number));
  if (at >= 0) {
    return [
      { kind: "value", path, text: `\`${path}\` holds ${tensor.data[at]} at position ${at}` },
    ];
  }
  if (role === "step") {
    const low = tensor.data.findIndex((number) => number <= 0);
    const text = `\`${path}\` is a step, but ${tensor.data[low]} at ${low} is not positive`;
    return low < 0 ? [] : [{ kind: "value", path, text }];
  }
  if (role === "statistic" && path.endsWith(".variance")) {
    const low = tensor.data.findIndex((number) => number < 0);
    const text = `\`${path}\` is a variance, but ${tensor.data[low]} at ${low} is negative`;
    return low < 0 ? [] : [{ kind: "value", path, text }];
  }
  return [];
}

/** Says which unexpected tensor it may be: the nearest name among those of its shape. */
function describeMissing(
  { path, shape }: WeightSpec | DeployedSpec,
  tensors: HostWeights,
  unexpected: readonly string[],
): WeightProblem {
  const fitting = unexpected.filter((other) => isSameShape(tensors.get(other)!.shape, shape));
  const closest = findClosestName(path, fitting);
  const hint = closest === undefined ? "" : `; did the file mean \`${closest}\`?`;
  return {
    kind: "missing",
    path,
    text: `\`${path}\` ${print(shape)} is missing${hint}`,
    closest,
    expected: shape,
  };
}

function describeUnexpected(
  path: string,
  missing: readonly string[],
  known: readonly string[],
): WeightProblem {
  const closest = findClosestName(path, missing) ?? findClosestName(path, known);
  const hint = closest === undefined ? "" : `; the nearest is \`${closest}\``;
  return {
    kind: "unexpected",
    path,
    text: `\`${path}\` is no weight of the program${hint}`,
    closest,
  };
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function print(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
