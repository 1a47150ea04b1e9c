import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../../compiler/diagnostics/index.ts";
import {
  checkWeights,
  UnfitWeights,
  type CheckOptions,
  type WeightProblem,
} from "../../runtime/check-weights.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import type { CompiledEntry } from "../compile-entry.ts";
import { shapeText } from "../runtime-mistake.ts";
import { UserMistake } from "../user-mistake.ts";

/** More weights than these are counted instead of listed. */
const MOST_SHOWN = 8;

/** The files as the user wrote them, and the policy. */
interface Sources {
  readonly weights: string;
  readonly input: string;
  readonly quant?: string;
}

type Compiled = Pick<CompiledEntry, "program" | "isShapedByInput">;

/** Checks that tensors are the weights of what was compiled; steps may be missing unless told. @throws UserMistake */
export function requireWeights(
  compiled: Compiled,
  weights: HostWeights,
  sources: Sources,
  { stepsOptional = true }: CheckOptions = {},
): void {
  try {
    checkWeights(compiled.program.weights, weights, sources.weights, { stepsOptional });
  } catch (error) {
    if (!(error instanceof UnfitWeights)) throw error;
    throw new UserMistake(...explain(error.problems, compiled, sources));
  }
}

function explain(
  problems: readonly WeightProblem[],
  { program, isShapedByInput }: Compiled,
  sources: Sources,
): readonly Diagnostic[] {
  const { weights: file, input, quant } = sources;
  const strangers = problems.filter(({ kind }) => kind === "unexpected");
  const needsPolicy =
    quant === undefined && strangers.every(({ path }) => /(^|\.)step$/.test(path));
  const shown = problems
    .slice(0, MOST_SHOWN)
    .map((one) => weightMistake(one, file, program.entry, needsPolicy));
  const count = problems.length - shown.length;
  const shape = shapeText(program.input.shape);
  const compiledFor = { name: program.entry, shape, input };
  return [
    ...(isShapedByInput ? [diagnostic("artefact/compiled-for", undefined, compiledFor)] : []),
    ...shown,
    ...(count > 0 ? [diagnostic("artefact/more-weights", undefined, { file, count })] : []),
  ];
}

function weightMistake(
  problem: WeightProblem,
  file: string,
  model: string,
  needsPolicy: boolean,
): Diagnostic {
  const { kind, path: name, closest: suggestion, expected = [], found = [] } = problem;
  switch (kind) {
    case "missing":
      return diagnostic("artefact/missing-weight", undefined, { file, name, suggestion });
    case "unexpected": {
      const parameters = { file, name, model, suggestion };
      const help = "it is a step of quantized training: name the policy with `--quant POLICY`";
      return diagnostic(
        "artefact/unexpected-weight",
        undefined,
        parameters,
        needsPolicy ? { help } : {},
      );
    }
    case "shape": {
      const shapes = { found: shapeText(found), expected: shapeText(expected) };
      return diagnostic("artefact/wrong-shape", undefined, { file, name, ...shapes });
    }
    case "value":
      return diagnostic("artefact/corrupt", undefined, { file, problem: problem.text });
  }
}
