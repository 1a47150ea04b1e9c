import { Command, Option } from "commander";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { addBackendOptions, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { compileEntry, type CompiledEntry } from "../compile-entry.ts";
import { addEntryOptions, type EntryOptions } from "../entry-options.ts";
import { filesIn } from "../files.ts";
import type { RunMode, RunResult } from "../run/run-program.ts";
import { requireResults } from "../results/require-results.ts";
import { requireFinite, requirePositiveSteps } from "../run/require-finite.ts";
import type { Session } from "../session.ts";
import { optionNeeds } from "../option-needs.ts";
import { UserMistake } from "../user-mistake.ts";

/** As in `run-program.ts`, which loads the engine. */
const modes: readonly RunMode[] = ["train", "eval", "merged", "integer"];

export interface RunOptions extends EntryOptions, BackendChoice {
  readonly weights: string;
  readonly input: string;
  readonly mode: RunMode;
  readonly probe?: string;
  readonly out: string;
}

const description =
  "Run a model or block on given tensors (safetensors; activations NHWC, kernels HWIO; weights by path, see `repqc weights`).";

const details = `
Modes:
  train    statistics of the batch, fake quantization; writes output and after.PATH for
           every running statistic; with --probe also grad.PATH and grad.input, the
           gradients of sum(output * probe)
  eval     the train graph with running statistics
  merged   merges the weights and runs the deployed graph; writes output and merged.PATH
  integer  merges, then runs on integers (needs --quant); writes output

The input file holds a tensor \`input\`, the probe's file a tensor \`probe\`, or each just one.
Steps that the weights lack begin as training would begin them, from the merged kernels
and this input.`;

export function runCommand(session: Session): Command {
  const command = new Command("run")
    .description(description)
    .argument("<file>", "a spec, or repq:... for one of the standard library");
  return addBackendOptions(addEntryOptions(command))
    .requiredOption("--weights <file>", "weights, as safetensors; a checkpoint; or a run's folder")
    .requiredOption("--input <file>", "the input, as safetensors")
    .addOption(new Option("--mode <mode>", "see below").choices(modes).makeOptionMandatory())
    .option("--probe <file>", "differentiate sum(output * probe), of the output's shape")
    .requiredOption("-o, --out <file>", "where the results go, as safetensors")
    .addHelpText("after", details)
    .action(async (file: string, options: RunOptions) =>
      session.end(await run(file, options, session)),
    );
}

/** Runs a model or block and writes what it gives. @returns the exit code */
export async function run(
  file: string,
  options: RunOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  requireOptions(options);
  const { weights: kept, input: given, probe: wanted } = options;
  const { quant, root } = options;
  const sources = { "the spec": file, "--weights": kept, "--input": given, "--probe": wanted };
  requireResults(terminal.folder, [options.out], { ...sources, "--quant": quant }, root);
  const { withRuntimeMistakes } = await import("../runtime-mistake.ts");
  return withRuntimeMistakes(async () => {
    const { readTensor, requireMap } = await import("../run/read-tensors.ts");
    const { readWeights } = await import("../run/read-weights.ts");
    const { folder } = terminal;
    const input = readTensor(folder, options.input, "input");
    const { file: weightsFile, tensors: weights } = await readWeights(folder, options.weights);
    const probe =
      options.probe === undefined ? undefined : readTensor(folder, options.probe, "probe");
    requireMap(input, { name: "input", file: options.input });
    const compiled = compileEntry(file, options, terminal, input.shape.slice(1));
    requireMergeable(compiled, options.mode);
    const results = await execute(
      compiled,
      { ...options, weights: weightsFile },
      { input, weights, probe },
      terminal.writeError,
    );
    const { writeSafetensors } = await import("../../runtime/safetensors.ts");
    filesIn(folder).write(options.out, writeSafetensors(results.tensors));
    terminal.write(`wrote ${options.out}: ${[...results.tensors.keys()].slice(0, 4).join(", ")}`);
    terminal.write(results.tensors.size > 4 ? `, ... (${results.tensors.size} tensors)\n` : "\n");
    return 0;
  });
}

interface Tensors {
  readonly input: HostTensor;
  readonly weights: HostWeights;
  readonly probe: HostTensor | undefined;
}

async function execute(
  compiled: CompiledEntry,
  { mode, ...options }: RunOptions,
  { input, weights, probe }: Tensors,
  note: (text: string) => void,
): Promise<RunResult> {
  const { program } = compiled;
  const { requireShape } = await import("../run/read-tensors.ts");
  requireShape(input, program.input.shape, { name: "input", file: options.input });
  if (probe !== undefined) {
    const at = { name: "probe", file: options.probe ?? "" };
    requireShape(probe, program.output.shape, at, input.shape[0]);
  }
  const { requireWeights } = await import("../run/require-weights.ts");
  requireWeights(compiled, weights, options);
  await openChosenBackend(options, note);
  const { completeSteps, runProgram } = await import("../run/run-program.ts");
  const complete = await completeSteps(program, weights, input);
  const begun = complete.initialized;
  requirePositiveSteps(complete.weights, begun, options);
  if (begun.length > 0) {
    note(
      `these steps are not in ${options.weights} and begin from this input: ${begun.join(", ")}\n`,
    );
  }
  if (mode === "integer") await requireIntegers(compiled);
  const result = await runProgram({ program, mode, input, probe, weights: complete.weights });
  requireFinite(result.tensors, options);
  if (result.report !== undefined) {
    const { integerSummary } = await import("../run/integer-summary.ts");
    note(`${integerSummary(result.report)}\n`);
  }
  return result;
}

async function requireIntegers({ program, model }: CompiledEntry): Promise<void> {
  const { askOfIntegers } = await import("../no-integer-form.ts");
  const { requireIntegerForm } = await import("../../runtime/integer/index.ts");
  askOfIntegers(
    () => requireIntegerForm(program.deploy),
    () => model,
  );
}

/** What the command line alone tells. @throws UserMistake */
function requireOptions({ mode, quant, probe }: RunOptions): void {
  if (mode === "integer" && quant === undefined) {
    const hint = "name a policy of the spec, or use `--mode merged` for floating point";
    throw optionNeeds("`--mode integer`", "`--quant POLICY`", hint);
  }
  if (probe !== undefined && mode !== "train") {
    throw optionNeeds("`--probe`", "`--mode train`", "only a training step has gradients");
  }
}

/** @throws UserMistake where the policy quantizes branch by branch */
function requireMergeable({ model }: CompiledEntry, mode: RunMode): void {
  if (model.on !== "branches" || mode === "train" || mode === "eval") return;
  throw new UserMistake(diagnostic("quant/cannot-merge", undefined, { policy: model.policy }));
}
