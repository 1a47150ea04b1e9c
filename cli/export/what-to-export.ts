import { statSync } from "node:fs";
import { resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Program, QuantizedModel } from "../../compiler/ir/index.ts";
import { areWeightsOf } from "../../runtime/check-weights.ts";
import { joinPath, MissingFile } from "../../runtime/files.ts";
import { sha256 } from "../../runtime/sha256.ts";
import { compileEntry } from "../compile-entry.ts";
import type { EntryOptions } from "../entry-options.ts";
import { fileHost } from "../file-host.ts";
import { readWeights, type GivenWeights } from "../run/read-weights.ts";
import { requireWeights } from "../run/require-weights.ts";
import { compileAgain } from "../run-folder/compile-again.ts";
import { refuseEntryOptions } from "../run-folder/refuse-entry-options.ts";
import type { Terminal } from "../terminal.ts";
import { movePaths } from "../train/run-paths.ts";
import { readRun, runFiles, type RunRecord } from "../train/run-record.ts";
import { optionNeeds } from "../option-needs.ts";
import { UserMistake } from "../user-mistake.ts";

export interface ExportChoice extends EntryOptions {
  readonly weights?: string;
}

/** A program with weights that fit it. */
export interface ExportSubject {
  readonly program: Program;
  readonly weights: GivenWeights;
  /** Whether the weights are those of the train graph, which have to be merged yet. */
  readonly isTrained: boolean;
  readonly specs: RunRecord["specs"];
  /** What the program was compiled from; nothing where its specs have changed since. */
  readonly modelOf: () => QuantizedModel | undefined;
}

/**
 * What the command line names: the folder of a run, or a spec with weights.
 * @throws UserMistake, FileProblem
 */
export function whatToExport(
  named: string,
  choice: ExportChoice,
  terminal: Terminal,
): Promise<ExportSubject> {
  const open = isFolder(terminal.folder, named) ? subjectOfRun : subjectOfSpec;
  return open(named, choice, terminal);
}

export function isFolder(folder: string, path: string): boolean {
  return statSync(resolve(folder, path), { throwIfNoEntry: false })?.isDirectory() === true;
}

async function subjectOfRun(
  run: string,
  choice: ExportChoice,
  terminal: Terminal,
): Promise<ExportSubject> {
  const { folder } = terminal;
  refuseEntryOptions(choice, "exported");
  const host = fileHost(folder);
  const record = joinPath(run, runFiles.record);
  if (!(await host.exists(record))) {
    const help = "Name a folder that `repqc train -o FOLDER` made, or a spec with `--weights`.";
    throw new MissingFile(record, "is not there", help);
  }
  const { record: begun, program } = await readRun(host, run);
  const { specs, asked, isMergeable } = begun;
  requireMergeable(isMergeable, asked.quant);
  const weights = await readWeights(folder, choice.weights ?? run);
  const compiled = { program, isShapedByInput: false };
  const here = movePaths(asked, resolve(folder, run), folder);
  const modelOf = () => compileAgain(here, program, terminal)?.model;
  return { program, weights, isTrained: isTrained(compiled, weights, asked.quant), specs, modelOf };
}

async function subjectOfSpec(
  file: string,
  choice: ExportChoice,
  terminal: Terminal,
): Promise<ExportSubject> {
  const { weights: given, quant } = choice;
  if (given === undefined) {
    const hint = "name a file of weights, a checkpoint, or the folder of a run";
    throw optionNeeds("exporting a spec", "`--weights FILE`", hint);
  }
  const compiled = compileEntry(file, choice, terminal);
  const { program, model, texts } = compiled;
  requireMergeable(model.on !== "branches", model.policy);
  const weights = await readWeights(terminal.folder, given);
  const sums = [...texts].map(async ([name, text]) => ({ file: name, sha256: await sumOf(text) }));
  const specs = await Promise.all(sums);
  const modelOf = () => model;
  return { program, weights, isTrained: isTrained(compiled, weights, quant), specs, modelOf };
}

/** Whether weights are those of the train graph, or else deployed ones. @throws UserMistake where they are neither */
function isTrained(
  compiled: Parameters<typeof requireWeights>[0],
  { file, tensors }: GivenWeights,
  quant: string | undefined,
): boolean {
  const { weights, deployed } = compiled.program;
  if (areWeightsOf(weights, tensors)) return true;
  if (areWeightsOf(deployed, tensors)) return false;
  const sources = { weights: file, input: "", ...(quant !== undefined && { quant }) };
  requireWeights(compiled, tensors, sources, { stepsOptional: false });
  throw new Error("repqc bug: weights that do not fit passed");
}

/** @throws UserMistake where the policy quantizes branch by branch */
function requireMergeable(isMergeable: boolean, policy = ""): void {
  if (isMergeable) return;
  throw new UserMistake(diagnostic("quant/cannot-merge", undefined, { policy }));
}

function sumOf(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
