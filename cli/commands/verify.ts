import { Command, Option } from "commander";
import { addBackendOptions, type BackendChoice } from "../backend-options.ts";
import { addEntryOptions } from "../entry-options.ts";
import type { ReportFormat } from "../report.ts";
import type { Session } from "../session.ts";
import type { VerifyRequest } from "../verify/verify-model.ts";
import { wholeNumber } from "../whole-number.ts";

export interface VerifyOptions extends VerifyRequest, BackendChoice {
  readonly out?: string;
  readonly format: ReportFormat;
}

const details = `
One table: the branches as they were trained (mode eval), what they merge into, in integers, in
onnxruntime at each level of optimization and as a GraphModel of TensorFlow.js, on the same inputs.
Of a quantized model every engine has to give the same bits. A difference is explained only where
engines may rightly differ, shown for that very output: a tie in rounding, or a sum beyond 2^24 in
float32; one step at most, and fewer than one in 10,000. Merging itself is compared in floating
point, within rounding.

Inputs are those that the run was tested on, or of --data (as \`repqc train\` takes it), or a tensor
\`input\` of --input, NHWC. Photographs are cut to the model's size. Unless --inputs says how many, as
many as make 100,000 outputs.

An exported model, FILE.onnx or a folder with model.json, is held against its run: in its own folder
or the one above, or --run. What differs from a fresh export is named. Without a run, and with --input,
only onnxruntime's levels are compared.

Merging on another backend gives other last bits, so an exported model is verified on the one that it
was merged on, where that is here, whatever --backend says.

Ends with 0 where all is verified, 1 where a difference is not explained, an engine failed, or a file
was changed or not executed, 2 for wrong usage. --out writes the verdict too, as JSON for FILE.json, else as text.`;

const largest = 2 ** 31 - 1;

export function verifyCommand(session: Session): Command {
  const command = new Command("verify")
    .description("Compare what was trained with what is deployed, output by output.")
    .argument("<what>", "folder of a run, an exported model, or a spec (repq:...)");
  return addBackendOptions(addEntryOptions(command))
    .option("--weights <file>", "weights: a file, a checkpoint, or a run's folder")
    .option("--run <folder>", "the run that an exported model is from")
    .option("--onnx <file>", "let onnxruntime execute this file in place of a fresh export")
    .addOption(
      new Option(
        "--tfjs <folder>",
        "let TensorFlow.js execute this model in place of a fresh export",
      ).conflicts("onnx"),
    )
    .option("--data <folder>", "images to take inputs from")
    .option("--input <file>", "inputs, as safetensors")
    .option("--inputs <n>", "how many to compare", wholeNumber(1, largest))
    .option("--seconds <n>", "begin no further inputs after this (300)", wholeNumber(1, largest))
    .option(
      "--peak <n>",
      "for super-resolution: images are numbers from 0 to this (255)",
      wholeNumber(1, 255),
    )
    .option("-o, --out <file>", "also write the verdict")
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"),
    )
    .addHelpText("after", details)
    .action(async (what: string, options: VerifyOptions) =>
      session.end(await verify(what, options, session)),
    );
}

/** Verifies what the command line names and prints the verdict. @returns the exit code */
export async function verify(
  what: string,
  options: VerifyOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { withImages } = await import("../with-images.ts");
  const { folder } = terminal;
  const { out, format } = options;
  if (out !== undefined) {
    const { requireResults } = await import("../results/require-results.ts");
    requireResults(folder, [out], await sourcesOf(what, options, folder), options.root);
  }
  return withImages(folder, async (decoder) => {
    const { verifyModel } = await import("../verify/verify-model.ts");
    const verified = await verifyModel(what, options, terminal, decoder);
    const { verificationText } = await import("../verify/verification-text.ts");
    const { verificationJson } = await import("../verify/verification-json.ts");
    const { isVerified } = await import("../verify/verified.ts");
    const print = { text: verificationText, json: verificationJson };
    terminal.write(print[format](verified));
    if (out !== undefined) {
      const { filesIn } = await import("../files.ts");
      filesIn(folder).write(out, print[out.endsWith(".json") ? "json" : "text"](verified));
      terminal.writeError(`wrote ${out}\n`);
    }
    return isVerified(verified) ? 0 : 1;
  });
}

/** What is read, by how the command line calls it; with the run that an exported model lies in. */
async function sourcesOf(what: string, options: VerifyOptions, folder: string) {
  const { formOf, runBeside } = await import("../verify/given-model.ts");
  const { weights, input, onnx, tfjs, run, data, quant } = options;
  const form = formOf(folder, what);
  return {
    "what is verified": what,
    "--weights": weights,
    "--input": input,
    "--onnx": onnx,
    "--tfjs": tfjs,
    "--data": data,
    "--quant": quant,
    "its run": run ?? (form && runBeside(folder, { form, name: what })),
  };
}
