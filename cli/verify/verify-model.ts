import type { Program } from "../../compiler/ir/index.ts";
import type { ImageDecoder } from "../../runtime/data/index.ts";
import { engines, isQuantized, verifyDeployment } from "../../runtime/verify/index.ts";
import { describeBackend, type BackendChoice } from "../backend-options.ts";
import { askOfIntegers } from "../no-integer-form.ts";
import { stagesOn } from "../progress-bar.ts";
import type { Terminal } from "../terminal.ts";
import { dataMisfit } from "../train/data-misfit.ts";
import type { UserMistake } from "../user-mistake.ts";
import {
  formOf,
  isFloat,
  readGivenModel,
  requireModelOf,
  runBeside,
  withGiven,
  type GivenModel,
} from "./given-model.ts";
import { givenForms } from "./given-forms.ts";
import { inParts } from "./in-parts.ts";
import { openInputs, type InputChoice } from "./open-inputs.ts";
import { openWhereMerged } from "./open-where-merged.ts";
import type { Verified } from "./verified.ts";
import { verifyAlone } from "./verify-alone.ts";
import { deploymentsOf, needs, whatToVerify, type VerifyChoice } from "./what-to-verify.ts";

export interface VerifyRequest extends VerifyChoice, InputChoice {
  readonly run?: string;
  /** Models to be executed in place of fresh exports, by their formats. */
  readonly onnx?: string;
  readonly tfjs?: string;
  readonly inputs?: number;
  readonly seconds?: number;
}

/** What can be verified. */
const quantizeOrFloat =
  "let the policy quantize weights and activations there; in floating point it can be verified: `repqc export --float`, then the file";

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
  const given = await givenModel(what, request, folder);
  const isGiven = given?.name === what;
  if (request.run !== undefined && !isGiven) {
    throw needs("`--run`", "an exported model", "leave it out: the model is named already");
  }
  const named = isGiven ? (request.run ?? runBeside(folder, given)) : what;
  if (named === undefined) return verifyAlone(given!, request, folder);
  const model = await whatToVerify(named, request, terminal);
  if (given) requireModelOf(given, model);
  const { program, weights, run } = model;
  if (!isFloat(given)) askOfIntegers(() => isQuantized(program), model.modelOf, quantizeOrFloat);
  const inputs = await openInputs(program, request, run?.asked, folder, decoder);
  const opened = await openWhereMerged(given, request);
  const { backend, mergedElsewhere } = opened;
  const usual = await deploymentsOf(model, isFloat(given), terminal);
  const known = given ? withGiven(given, model, usual) : { deployments: usual };
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
    ...("file" in known && {
      file: { ...known.file, ...(mergedElsewhere && { mergedElsewhere }) },
    }),
    inputs: { name: inputs.name, size: inputs.size, wanted: limits.examples, isOutOfTime },
    backend: describeBackend(backend),
    verification,
    notes: [
      ...opened.notes,
      ...(weights.standing === undefined ? [] : [`these are the weights ${weights.standing}`]),
      ...(whyNotFloating === undefined
        ? []
        : [`merging was not compared in floating point: ${whyNotFloating}`]),
    ],
  };
}

/** What is verified itself, or what an option names; one at most. @throws UserMistake */
async function givenModel(
  what: string,
  request: VerifyRequest,
  folder: string,
): Promise<GivenModel | undefined> {
  const own = formOf(folder, what);
  const named = givenForms.find(({ name }) => request[name] !== undefined);
  if (own && named) {
    const hint = `leave it out: ${what} is an exported model itself`;
    throw needs(`\`--${named.name}\``, "a run or a spec", hint);
  }
  if (own) return readGivenModel(own, folder, what);
  const name = named && request[named.name];
  return name === undefined ? undefined : readGivenModel(named!, folder, name);
}

function nothingToCompare(data: string, { entry, input }: Program): UserMistake {
  const [height, width] = input.shape;
  const problem = `no image is as large as the model's input, ${height}x${width}`;
  return dataMisfit(data, `\`${entry}\``, problem, "use larger images, or `--input FILE`");
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
