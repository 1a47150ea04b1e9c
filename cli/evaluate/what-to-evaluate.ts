import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Program } from "../../compiler/ir/index.ts";
import type { Examples, ImageDecoder } from "../../runtime/data/index.ts";
import { areWeightsOf } from "../../runtime/check-weights.ts";
import { compileEntry } from "../compile-entry.ts";
import type { EntryOptions } from "../entry-options.ts";
import { fileHost } from "../file-host.ts";
import { readWeights, type GivenWeights } from "../run/read-weights.ts";
import { requireWeights } from "../run/require-weights.ts";
import { refuseEntryOptions } from "../run-folder/refuse-entry-options.ts";
import type { Terminal } from "../terminal.ts";
import { inputShapeOf, openNamedData } from "../train/open-data.ts";
import { examplesFor } from "../train/run-examples.ts";
import { movePaths } from "../train/run-paths.ts";
import { readRun } from "../train/run-record.ts";
import { testExamplesFor } from "../train/test-examples.ts";
import { optionNeeds } from "../option-needs.ts";

export interface EvaluateChoice extends EntryOptions {
  readonly weights?: string;
  readonly data?: string;
  /** The first so many. */
  readonly images?: number;
  readonly peak?: number;
}

/** A program with weights, and what to judge them on. */
export interface Subject extends Judged {
  readonly examples: Examples;
}

interface Judged {
  readonly program: Program;
  readonly weights: GivenWeights;
  /** Which of its graphs the weights are for. */
  readonly graphs: readonly ("train" | "deploy")[];
}

/**
 * What the command line names: the folder of a run, or a spec with weights and data.
 * @throws UserMistake, FileProblem
 */
export function whatToEvaluate(
  named: string,
  choice: EvaluateChoice,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<Subject> {
  const at = statSync(resolve(terminal.folder, named), { throwIfNoEntry: false });
  const open = at?.isDirectory() === true ? subjectOfRun : subjectOfSpec;
  return open(named, choice, terminal, decoder);
}

async function subjectOfRun(
  run: string,
  choice: EvaluateChoice,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<Subject> {
  refuseEntryOptions(choice, "judged");
  const { folder } = terminal;
  const { record, program } = await readRun(fileHost(folder), run);
  const asked = movePaths(record.asked, resolve(folder, run), folder);
  const weights = await readWeights(folder, choice.weights ?? run);
  const compiled = { program, isShapedByInput: false, isMergeable: record.isMergeable };
  const judged = judge(compiled, weights, { input: run, quant: asked.quant });
  const { images: count, peak = asked.peak } = choice;
  if (choice.data !== undefined) {
    const { training } = await openNamedData(folder, { data: choice.data });
    const test = { place: choice.data, count, peak };
    return { ...judged, examples: testExamplesFor(program, training, test, decoder) };
  }
  const limits = { ...(count !== undefined && { testImages: count }), ...(peak && { peak }) };
  const { test } = examplesFor(
    program,
    await openNamedData(folder, { ...asked, ...limits }),
    decoder,
  );
  if (test) return { ...judged, examples: test };
  throw optionNeeds(
    `evaluating \`${run}\``,
    "`--data DIR`",
    "it was trained without data to test on",
  );
}

async function subjectOfSpec(
  file: string,
  choice: EvaluateChoice,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<Subject> {
  const { data: place, weights: given, quant, images: count, peak } = choice;
  const { folder } = terminal;
  if (given === undefined) {
    const hint = "name a file of weights, a checkpoint, or the folder of a run";
    throw optionNeeds("evaluating a spec", "`--weights FILE`", hint);
  }
  if (place === undefined) {
    throw optionNeeds("evaluating a spec", "`--data DIR`", "name a folder of images");
  }
  const data = await openNamedData(folder, { data: place });
  const weights = await readWeights(folder, given);
  const compiled = compileEntry(file, choice, terminal, inputShapeOf(data));
  const isMergeable = compiled.model.on !== "branches";
  const judged = judge({ ...compiled, isMergeable }, weights, { input: place, quant });
  const test = { place, count, peak };
  return { ...judged, examples: testExamplesFor(judged.program, data.training, test, decoder) };
}

interface Compiled {
  readonly program: Program;
  readonly isShapedByInput: boolean;
  readonly isMergeable: boolean;
}

interface Sources {
  readonly input: string;
  readonly quant: string | undefined;
}

/** Which graphs weights are for: both where they are trained ones, unless the policy forbids to merge them. @throws UserMistake */
function judge(compiled: Compiled, weights: GivenWeights, { input, quant }: Sources): Judged {
  const { program, isMergeable } = compiled;
  const { file, tensors } = weights;
  if (areWeightsOf(program.deployed, tensors) && !areWeightsOf(program.weights, tensors)) {
    return { program, weights, graphs: ["deploy"] };
  }
  const sources = { weights: file, input, ...(quant !== undefined && { quant }) };
  requireWeights(compiled, tensors, sources, { stepsOptional: false });
  return { program, weights, graphs: isMergeable ? ["train", "deploy"] : ["train"] };
}
