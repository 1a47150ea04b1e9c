import { Command } from "commander";
import { addBackendOptions, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { addEntryOptions } from "../entry-options.ts";
import type { EvaluateChoice, Subject } from "../evaluate/what-to-evaluate.ts";
import type { Evaluation, MeasuredGraph } from "../evaluate/evaluation.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

export interface EvaluateOptions extends EvaluateChoice, BackendChoice {
  readonly json?: boolean;
}

const details = `
A run is judged on its own test data unless --data names other; a spec needs --weights and --data.
Of images with labels, the test part counts: what comes out is the share of images classified right.
Of photographs, or pairs NAME_HR.png and NAME_LR.png, it is PSNR and SSIM of luma, as many pixels cut
off along every edge as the model enlarges.

Two graphs are judged: the branches as they were trained (fake quantization, running statistics), and
what they merge into. Weights that are merged already (deployed.safetensors) have only the latter,
and policies with \`on: branches\` only the former.`;

const largest = 2 ** 31 - 1;

export function evaluateCommand(session: Session): Command {
  const command = new Command("evaluate")
    .description("Judge weights on data: accuracy, or PSNR-Y and SSIM, before and after the merge.")
    .argument("<what>", "folder of a run, or a spec, or repq:... for one of the standard library");
  return addBackendOptions(addEntryOptions(command), "auto")
    .option("--weights <file>", "weights to judge: a file, a checkpoint, or a run's folder")
    .option("--data <folder>", "images to judge them on, as `repqc train` takes them")
    .option("--images <n>", "the first n images only", wholeNumber(1, largest))
    .option(
      "--peak <n>",
      "for super-resolution: images are numbers from 0 to this (255); some published weights take 1",
      wholeNumber(1, 255),
    )
    .option("--json", "print numbers for programs")
    .addHelpText("after", details)
    .action(async (what: string, options: EvaluateOptions) =>
      session.end(await evaluate(what, options, session)),
    );
}

/** Judges weights on data. @returns the exit code */
export async function evaluate(
  what: string,
  options: EvaluateOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { withImages } = await import("../with-images.ts");
  return withImages(terminal.folder, async (decoder) => {
    const { whatToEvaluate } = await import("../evaluate/what-to-evaluate.ts");
    const subject = await whatToEvaluate(what, options, terminal, decoder);
    await openChosenBackend(options, terminal.writeError);
    const evaluation = await judge(subject, terminal);
    const { evaluationJson, evaluationText } = await import("../evaluate/evaluation-text.ts");
    terminal.write((options.json === true ? evaluationJson : evaluationText)(evaluation));
    return 0;
  });
}

async function judge(subject: Subject, terminal: Terminal): Promise<Evaluation> {
  const { program, weights, examples } = subject;
  const { mergeWeights } = await import("../../runtime/weights.ts");
  const { measureGraph } = await import("../evaluate/measure-graph.ts");
  const { stagesOn } = await import("../progress-bar.ts");
  const isInteractive = process.stderr.isTTY === true;
  const stages = stagesOn(terminal.writeError, isInteractive);
  const graphs: MeasuredGraph[] = [];
  try {
    for (const graph of subject.graphs) {
      const stage = isInteractive ? stages.begin(graph) : undefined;
      const isMerged = graph === "train" || !subject.graphs.includes("train");
      const tensors = isMerged ? weights.tensors : await mergeWeights(program, weights.tensors);
      const watch = (done: number, total: number): void => stage?.update(done, total);
      graphs.push({ graph, found: await measureGraph(program[graph], tensors, examples, watch) });
      stage?.abort();
    }
  } finally {
    stages.close();
  }
  const { file, sha256, standing } = weights;
  const { name, source, size } = examples;
  return {
    entry: program.entry,
    policy: program.policy,
    weights: { file, sha256, standing },
    data: { name, source, size },
    graphs,
  };
}
