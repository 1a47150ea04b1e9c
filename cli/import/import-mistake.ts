import type { Diagnostic } from "../../compiler/diagnostics/index.ts";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import {
  CannotEqualize,
  CannotUnmerge,
  MergedCheckpoint,
  UnfitCheckpoint,
  type ImportProblem,
} from "../../runtime/import/index.ts";
import { optionNeeds } from "../option-needs.ts";
import { shapeText } from "../runtime-mistake.ts";
import { UserMistake } from "../user-mistake.ts";

/** More problems than these are counted instead of listed. */
const MOST_SHOWN = 20;

/** What `importWeights` says of a checkpoint, as diagnostics; nothing for other errors. */
export function importMistake(error: unknown, model: string): UserMistake | undefined {
  if (error instanceof UnfitCheckpoint) return new UserMistake(...unfit(error, model));
  if (error instanceof MergedCheckpoint) {
    const { file, blocks } = error;
    const [first = "", ...others] = blocks.map((path) => (path === "" ? "it" : `\`${path}\``));
    const shown = others.length > 0 ? `${first} and ${others.length} more blocks` : first;
    const have = others.length > 0 ? "have" : "has";
    const parameters = { file, model, blocks: shown, have };
    return new UserMistake(diagnostic("artefact/merged-weights", undefined, parameters));
  }
  if (error instanceof CannotUnmerge) {
    const { file, block } = error;
    const parameters = { file, block: block === "" ? model : block };
    return new UserMistake(diagnostic("artefact/cannot-unmerge", undefined, parameters));
  }
  if (error instanceof CannotEqualize) {
    const needed = `merged weights, and those of \`${error.file}\` are not`;
    const hint = "give the checkpoint of the merged network, with `--unmerge`";
    return optionNeeds("`--equalize`", needed, hint);
  }
  return undefined;
}

function unfit({ file, problems, of }: UnfitCheckpoint, model: string): readonly Diagnostic[] {
  // Once is enough to tell which table was used.
  const names = of === "" ? "a block's table" : of;
  const shown = problems
    .slice(0, MOST_SHOWN)
    .map((problem, index) => describe(problem, file, model, index === 0 ? names : undefined));
  const count = problems.length - shown.length;
  if (count === 0) return shown;
  return [...shown, diagnostic("artefact/more-weights", undefined, { file, count })];
}

function describe(
  problem: ImportProblem,
  file: string,
  model: string,
  of: string | undefined,
): Diagnostic {
  if (problem.kind === "missing") {
    const parameters = { file, name: problem.path, shape: shapeText(problem.shape), of };
    return diagnostic("artefact/missing-tensor", undefined, parameters);
  }
  const parameters = { file, name: shortened(problem.name), problem: inWords(problem, model), of };
  return diagnostic("artefact/misfit-tensor", undefined, parameters);
}

function inWords(problem: Exclude<ImportProblem, { kind: "missing" }>, model: string): string {
  switch (problem.kind) {
    case "unexpected":
      return problem.path === undefined
        ? "is not in the table of names"
        : `is \`${problem.path}\` by the table of names, and \`${model}\` has no place for that`;
    case "twice":
      return `is the second one for weight \`${problem.path}\``;
    case "shape": {
      const { path, found, expected } = problem;
      return `is ${shapeText(found)}, and weight \`${path}\` would be ${shapeText(expected)}`;
    }
    case "value":
      return problem.text;
  }
}

/** Names in damaged files have any length and any characters. */
function shortened(name: string): string {
  const plain = JSON.stringify(name).slice(1, -1);
  return plain.length <= 80 ? plain : `${plain.slice(0, 80)}…`;
}
