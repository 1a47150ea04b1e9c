import { Command, Option } from "commander";
import { addBackendOptions, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { addEntryOptions } from "../entry-options.ts";
import type { ExportChoice, ExportSubject } from "../export/what-to-export.ts";
import { packageVersion } from "../package-root.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import type { Program } from "../../compiler/ir/index.ts";
import type { BackendName } from "../../runtime/backends/index.ts";
import type { Exporter } from "../../runtime/export/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";

export interface ExportOptions extends ExportChoice, BackendChoice {
  readonly to: string;
  readonly out?: string;
  readonly float?: boolean;
  readonly mixed?: boolean;
}

/** As in `runtime/export/exporters.ts`, which loads what writes them. */
const formats = ["onnx", "tfjs"];

const details = `
Formats:
  onnx   a file of ONNX (opset 21), NCHW: quantized kernels in 8 or 4 bits, quantizers as
         QuantizeLinear and DequantizeLinear; for onnxruntime
  tfjs   a folder with a GraphModel of TensorFlow.js, NHWC: model.json and files of weights,
         quantized kernels in bytes; for tf.loadGraphModel in browsers and Node

Convolutions add integer levels and scale the sum behind it, so that any engine with IEEE arithmetic
gives the trained network's outputs, bit for bit; \`repqc verify\` counts those that differ.

A run is exported as it was trained, with the weights it ended with; one that has not finished, with
those of its last checkpoint. A spec needs --weights: trained ones are merged first, deployed ones
are taken as they are. With --float, the merged model without its quantizers. What a policy leaves in
floating point no two engines round alike, and quantizers behind it make whole steps of that: such a
model is refused unless --mixed allows it, and cannot be verified.

What stands at PATH is replaced only by a whole model.`;

export function exportCommand(session: Session): Command {
  const command = new Command("export")
    .description("Write the deployed model for other engines: ONNX, TensorFlow.js.")
    .argument("<what>", "folder of a run, or a spec, or repq:... for one of the standard library");
  return addBackendOptions(addEntryOptions(command))
    .addOption(new Option("--to <format>", "see below").choices(formats).makeOptionMandatory())
    .option("-o, --out <path>", "the file, or for tfjs the folder (`deployed` in a run's folder)")
    .option("--weights <file>", "weights: a file, a checkpoint, or a run's folder")
    .option("--float", "in floating point: the merged model without quantizers")
    .addOption(
      new Option("--mixed", "also where some sums are of numbers that are not quantized").conflicts(
        "float",
      ),
    )
    .addHelpText("after", details)
    .action(async (what: string, options: ExportOptions) =>
      session.end(await exportModel(what, options, session)),
    );
}

/** Writes a deployed model. @returns the exit code */
export async function exportModel(
  what: string,
  options: ExportOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { withRuntimeMistakes } = await import("../runtime-mistake.ts");
  return withRuntimeMistakes(async () => {
    const { isFolder, whatToExport } = await import("../export/what-to-export.ts");
    const { folder } = terminal;
    const exporter = await exporterCalled(options.to);
    const subject = await whatToExport(what, options, terminal);
    const isFloat = options.float === true;
    const run = isFolder(folder, what) ? what : undefined;
    const isMixed = !isFloat && (await isMixedModel(subject, options));
    const { usualPlace, requireModelPlace, writeModel } = await import("../export/model-place.ts");
    const { program } = subject;
    const out = options.out ?? usualPlace(exporter, program.entry, { run, isFloat });
    const { file } = subject.weights;
    const { weights, quant, root } = options;
    const sources = { "the spec": what, "--weights": weights, "the file of weights": file };
    requireModelPlace(folder, out, exporter, { ...sources, "--quant": quant }, root);
    const { standing } = subject.weights;
    if (standing !== undefined) terminal.writeError(`note: these are the weights ${standing}\n`);
    const { deployed, mergedOn } = await deployedWeights(subject, options, terminal);
    const written = isFloat ? await floating(program) : program;
    const { metadataOf } = await import("../export/metadata.ts");
    const generator = `repqc ${packageVersion()}`;
    const metadata = metadataOf(subject, mergedOn);
    const model = exporter.write(written, deployed, { generator, metadata });
    writeModel(folder, out, exporter, model);
    const { exportSummary } = await import("../export/export-summary.ts");
    const { verifyCommand } = await import("../export/verify-command.ts");
    const command = verifyCommand({ what, run, out, exporter, choice: options });
    const verify = isMixed ? undefined : command;
    terminal.write(exportSummary({ out, program: written, exporter, model, verify }));
    return 0;
  });
}

async function exporterCalled(name: string): Promise<Exporter> {
  const { exporters } = await import("../../runtime/export/index.ts");
  const exporter = exporters.find((one) => one.name === name);
  if (!exporter) throw new Error(`repqc bug: no exporter is called ${name}`);
  return exporter;
}

/**
 * Whether rounding decides about the outputs of a quantized model, so that no two engines need agree.
 * @throws UserMistake where it does, unless that is allowed
 */
async function isMixedModel(
  { program, modelOf }: ExportSubject,
  { mixed = false }: ExportOptions,
): Promise<boolean> {
  const { askOfIntegers } = await import("../no-integer-form.ts");
  const { isQuantized } = await import("../../runtime/verify/is-quantized.ts");
  const { NoIntegerForm } = await import("../../runtime/integer/errors.ts");
  try {
    if (mixed) isQuantized(program);
    else askOfIntegers(() => isQuantized(program), modelOf);
    return false;
  } catch (error) {
    if (error instanceof NoIntegerForm) return true;
    throw error;
  }
}

async function floating(program: Program): Promise<Program> {
  const { withoutQuantizers } = await import("../../runtime/without-quantizers.ts");
  return withoutQuantizers(program);
}

interface Deployed {
  readonly deployed: HostWeights;
  /** The backend; absent where they were merged already. */
  readonly mergedOn?: BackendName;
}

async function deployedWeights(
  { program, weights, isTrained }: ExportSubject,
  choice: BackendChoice,
  terminal: Terminal,
): Promise<Deployed> {
  if (!isTrained) return { deployed: weights.tensors };
  const { name } = await openChosenBackend(choice, terminal.writeError);
  const { mergeWeights } = await import("../../runtime/weights.ts");
  return { deployed: await mergeWeights(program, weights.tensors), mergedOn: name };
}
