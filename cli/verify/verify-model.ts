import type { Program } from "../../compiler/ir/index.ts";
import type { ImageDecoder } from "../../runtime/data/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { engines, verifyDeployment, verifyOnnxAlone } from "../../runtime/verify/index.ts";
import { describeBackend, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { stagesOn } from "../progress-bar.ts";
import { readTensor } from "../run/read-tensors.ts";
import type { Terminal } from "../terminal.ts";
import { dataMisfit } from "../train/data-misfit.ts";
import type { UserMistake } from "../user-mistake.ts";
import {
  foreign,
  readOnnxFile,
  requireModelOf,
  runBeside,
  withFile,
  type OnnxFile,
} from "./onnx-file.ts";
import { inParts } from "./in-parts.ts";
import { inputsOf, openInputs, type InputChoice } from "./open-inputs.ts";
import type { Verified } from "./verified.ts";
import { deploymentsOf, needs, whatToVerify, type VerifyChoice } from "./what-to-verify.ts";

export interface VerifyRequest extends VerifyChoice, InputChoice {
  readonly run?: string;
  readonly onnx?: string;
  readonly inputs?: number;
  readonly seconds?: number;
}

/** Output values that are compared unless told how many inputs. */
const usualOutputs = 100_000;
const usualSeconds = 300;

/**
 * Verifies what the command line names.
 * @throws UserMistake, FileProblem, NoIntegerForm and what else the runtime says
 */
export async function verifyModel(
  what: string,
  request: VerifyRequest & BackendChoice,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<Verified> {
  const { folder } = terminal;
  const isFile = what.endsWith(".onnx");
  if (request.run !== undefined && !isFile) {
    throw needs("`--run`", "a file `FILE.onnx`", "leave it out: the model is named already");
  }
  const onnxName = isFile ? what : request.onnx;
  const file = onnxName === undefined ? undefined : await readOnnxFile(folder, onnxName);
  const named = isFile ? (request.run ?? runBeside(folder, what)) : what;
  if (named === undefined) return verifyFileAlone(file!, request, folder);
  const model = await whatToVerify(named, request, terminal);
  if (file) requireModelOf(file, model);
  const { program, weights, run } = model;
  const inputs = await openInputs(program, request, run?.asked, folder, decoder);
  const backend = await openChosenBackend(request, () => {});
  const usual = await deploymentsOf(model, terminal);
  const known = file ? withFile(file, model, usual) : { deployments: usual };
  const { deployment, floating, whyNotFloating } = known.deployments;
  const perExample = program.output.shape.reduce((product, n) => product * n, 1);
  const { inputs: wanted = Math.ceil(usualOutputs / perExample), seconds = usualSeconds } = request;
  let isOutOfTime = false;
  const onTimeUp = (): void => void (isOutOfTime = true);
  const limits = { examples: Math.min(wanted, inputs.size ?? wanted), seconds, onTimeUp };
  const verification = await withProgress(terminal, limits.examples, (onProgress) =>
    verifyDeployment(deployment, inParts(inputs.parts, limits), {
      engines,
      onProgress,
      ...(floating && { floating }),
    }),
  );
  if (verification.examples === 0) throw nothingToCompare(inputs.name, program);
  const { entry, source, policy } = deployment.program;
  return {
    model: { entry, source, policy, weights: { file: weights.file, sha256: weights.sha256 } },
    ...("file" in known && { file: known.file }),
    inputs: { name: inputs.name, size: inputs.size, wanted: limits.examples, isOutOfTime },
    backend: describeBackend(backend),
    verification,
    notes: [
      ...(weights.standing === undefined ? [] : [`these are the weights ${weights.standing}`]),
      ...(whyNotFloating === undefined
        ? []
        : [`merging was not compared in floating point: ${whyNotFloating}`]),
    ],
  };
}

function nothingToCompare(data: string, { entry, input }: Program): UserMistake {
  const [height, width] = input.shape;
  const problem = `no image is as large as the model's input, ${height}x${width}`;
  return dataMisfit(data, `\`${entry}\``, problem, "use larger images, or `--input FILE`");
}

/** Without a reference, the levels of onnxruntime are compared with each other. */
async function verifyFileAlone(
  { name, sha256, bytes, model, entry, source, policy }: OnnxFile,
  { input, inputs: count }: VerifyRequest,
  folder: string,
): Promise<Verified> {
  const hint =
    "name the run with `--run RUN`; or give `--input FILE`, to compare onnxruntime's levels alone";
  const noRun = "no run is in its folder or the one above";
  if (input === undefined || policy === undefined) {
    throw foreign(
      name,
      policy === undefined
        ? `${noRun}, and of a file in floating point alone nothing can be told`
        : noRun,
      hint,
    );
  }
  const [channels = 1, height, width] = model.inputShape ?? [];
  const shape =
    height === undefined || width === undefined ? [channels] : [height, width, channels];
  const tensor = readTensor(folder, input, "input");
  const { size = 0 } = inputsOf({ input: { name: "input", shape } }, tensor, input);
  const wanted = Math.min(count ?? size, size);
  const { sliceExamples } = await import("../../runtime/integer/index.ts");
  const given: HostTensor = sliceExamples(tensor, 0, wanted);
  return {
    model: { entry, source, policy },
    file: { name, sha256 },
    inputs: { name: `\`${input}\``, size, wanted, isOutOfTime: false },
    backend: "onnxruntime alone",
    verification: await verifyOnnxAlone(bytes, given),
    notes: [`whether ${name} is what was trained was not verified: ${noRun}, see \`--run\``],
  };
}

/** Shows a person how far it is. */
async function withProgress<T>(
  { writeError }: Terminal,
  total: number,
  work: (onProgress: (engine: string, done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  if (process.stderr.isTTY !== true) return work(() => {});
  const stages = stagesOn(writeError, true);
  const stage = stages.begin("verify");
  try {
    return await work((engine, done, of) =>
      stage.update(done, of, `${engine}, of ${total} inputs`),
    );
  } finally {
    stages.close();
  }
}
