import { resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { floatingDeployment, isQuantized, type Deployment } from "../../runtime/verify/index.ts";
import { mergeWeights } from "../../runtime/weights.ts";
import type { EntryOptions } from "../entry-options.ts";
import { isFolder, whatToExport, type ExportSubject } from "../export/what-to-export.ts";
import { fileHost } from "../file-host.ts";
import { filesIn } from "../files.ts";
import { isLibraryName } from "../host.ts";
import { compileAgain, compileSilently } from "../run-folder/compile-again.ts";
import type { GivenWeights } from "../run/read-weights.ts";
import type { Terminal } from "../terminal.ts";
import { movePaths } from "../train/run-paths.ts";
import { readRun, type Asked } from "../train/run-record.ts";
import { UserMistake } from "../user-mistake.ts";

export interface VerifyChoice extends EntryOptions {
  readonly weights?: string;
}

/** A model as the command line names it. */
export interface NamedModel extends Pick<ExportSubject, "modelOf"> {
  readonly program: Program;
  readonly weights: GivenWeights;
  /** Whether these are from before the merge. */
  readonly isTrained: boolean;
  /** What it was compiled from. */
  readonly source: EntryOptions & { readonly file: string };
  /** How its run was begun. */
  readonly run?: { readonly folder: string; readonly asked: Asked };
}

/**
 * The folder of a run, or a spec with weights.
 * @throws UserMistake, FileProblem
 */
export async function whatToVerify(
  named: string,
  choice: VerifyChoice,
  terminal: Terminal,
): Promise<NamedModel> {
  const { folder } = terminal;
  if (!isFolder(folder, named)) {
    if (!isLibraryName(named)) filesIn(folder).ensureThere(named);
    if (choice.weights === undefined) {
      const hint = "name a file of weights, a checkpoint, or the folder of a run";
      throw needs("verifying a spec", "`--weights FILE`", hint);
    }
    const { weights: _, ...entry } = choice;
    return { ...(await whatToExport(named, choice, terminal)), source: { ...entry, file: named } };
  }
  const subject = await whatToExport(named, choice, terminal);
  const { record } = await readRun(fileHost(folder), named);
  const asked = movePaths(record.asked, resolve(folder, named), folder);
  return { ...subject, source: asked, run: { folder: named, asked } };
}

export function needs(option: string, needed: string, hint: string): UserMistake {
  return new UserMistake(diagnostic("config/option-needs", undefined, { option, needed, hint }));
}

/** The model for the engines; with its branches in floating point where there are any to compare. */
export interface Deployments {
  readonly deployment: Deployment;
  readonly floating?: Deployment;
  /** Why that is absent, where one would look for it; a clause. */
  readonly whyNotFloating?: string;
}

/**
 * Merges on the open backend.
 * @param isFloat whether what is verified is in floating point, whatever was trained
 */
export async function deploymentsOf(
  model: NamedModel,
  isFloat: boolean,
  terminal: Terminal,
): Promise<Deployments> {
  const { program, weights, isTrained } = model;
  const { tensors } = weights;
  if (!isTrained) {
    const deployment = { program, deployed: tensors };
    return { deployment, whyNotFloating: "the weights are merged already" };
  }
  const deployed = await mergeWeights(program, tensors);
  const deployment = { program, trained: tensors, deployed };
  if (!isFloat && !isQuantized(program)) return { deployment };
  const floating = await floatingOf(model, terminal);
  return typeof floating === "string"
    ? { deployment, whyNotFloating: floating }
    : { deployment, floating };
}

/** The branches without quantizers, op by op; or why there are none. */
async function floatingOf(
  { program, weights, source }: NamedModel,
  terminal: Terminal,
): Promise<Deployment | string> {
  const changed = "the specs are no longer those of the run";
  if (!compileAgain(source, program, terminal)) return changed;
  const { quant: _, ...unquantized } = source;
  const branches = { ...unquantized, form: "branches" } as const;
  const compiled = compileSilently(branches, program.input.shape, terminal);
  if (!compiled) return changed;
  const floating = await floatingDeployment(program, compiled.program, weights.tensors);
  return floating ?? "the branches were merged before this training";
}
