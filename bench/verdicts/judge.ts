import { exportOnnx } from "../../runtime/export/index.ts";
import { runInteger, type IntegerReport } from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { judgeOutputs, type Deployment } from "../../runtime/verify/index.ts";
import { mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import { batchOf, onnxEngines, runTraining } from "./engines.ts";
import { generator } from "./generator.ts";
import type { Inputs, Subject } from "./subject.ts";
import type { CellVerdict, EngineVerdict, SumsSummary } from "./verdict.ts";

/** Told how far an engine is. */
type Tell = (text: string) => void;

/** Runs a subject's inputs through every engine and compares the outputs with those of the training graph. */
export async function judge(
  subject: Subject,
  trained: HostWeights,
  clock: () => number,
  tell: Tell,
): Promise<CellVerdict> {
  const deployed = await mergeWeights(subject.program, trained);
  const inputs = await subject.inputs();
  const parts: InputsVerdict[] = [];
  for (const [index, one] of inputs.entries()) {
    const deployment = { program: one.program, trained, deployed };
    const say = (text: string) => tell(inputs.length > 1 ? `input ${index + 1}: ${text}` : text);
    parts.push(await judgeInputs(one, deployment, clock, say));
  }
  const { bytes } = exportOnnx(subject.program, deployed, { generator });
  const float = exportOnnx(subject.float, await mergeWeights(subject.float, trained), {
    generator,
  });
  return {
    rows: joinRows(parts.map(({ rows }) => rows)),
    sums: summarize(parts.map(({ report }) => report)),
    bytes: { onnx: bytes.length, float: float.bytes.length },
  };
}

interface InputsVerdict {
  readonly rows: readonly EngineVerdict[];
  readonly report: IntegerReport;
}

async function judgeInputs(
  { input, score }: Inputs,
  deployment: Deployment,
  clock: () => number,
  tell: Tell,
): Promise<InputsVerdict> {
  const { program, deployed } = deployment;
  const rows: EngineVerdict[] = [];
  const judged = async (
    engine: string,
    output: HostTensor,
    from: number,
    reference: HostTensor,
  ) => {
    const seconds = clock() - from;
    const verdict = await judgeOutputs(deployment, input, reference, output);
    const { compared, differing, largest } = verdict;
    const explained = verdict.kind === "bits" ? verdict.explained : 0;
    const psnr = score && { psnr: score(output) };
    rows.push({ engine, compared, differing, explained, largest, seconds, ...psnr });
    tell(`${engine}: ${differing} of ${compared} differ`);
  };
  const begin = clock();
  const reference = await runTraining(deployment, input);
  await judged("training graph", reference, begin, reference);
  const integersBegin = clock();
  const onProgress = (done: number, total: number) => tell(`integers, ${done} of ${total}`);
  const chunk = Math.min(16, batchOf(input));
  const { output, report } = runInteger(program.deploy, deployed, input, { chunk, onProgress });
  await judged("integers", output, integersBegin, reference);
  for (const engine of onnxEngines) {
    const start = clock();
    await judged(engine.name, await engine.run(deployment, input), start, reference);
  }
  return { rows, report };
}

/** Engine by engine, what all inputs came to. */
function joinRows(parts: readonly (readonly EngineVerdict[])[]): readonly EngineVerdict[] {
  const [first = []] = parts;
  return first.map(({ engine }, index) => {
    const rows = parts.map((part) => part[index]!);
    const sum = (number: (row: EngineVerdict) => number) =>
      rows.reduce((total, row) => total + number(row), 0);
    const hasScore = rows.every(({ psnr }) => psnr !== undefined);
    return {
      engine,
      compared: sum(({ compared }) => compared),
      differing: sum(({ differing }) => differing),
      explained: sum(({ explained }) => explained),
      largest: Math.max(...rows.map(({ largest }) => largest)),
      seconds: sum(({ seconds }) => seconds),
      ...(hasScore && { psnr: sum(({ psnr = NaN }) => psnr) / rows.length }),
    };
  });
}

function summarize(reports: readonly IntegerReport[]): SumsSummary {
  const sums = reports.flatMap(({ accumulators }) => [...accumulators.values()]);
  const quantizers = reports.flatMap(({ quantizers: found }) => [...found]);
  const isActivation = ([path]: readonly [string, unknown]) => !path.endsWith("kernel");
  return {
    count: sums.reduce((total, { outputs }) => total + outputs, 0),
    largest: Math.max(...sums.map(({ largest }) => largest)),
    bound: Math.max(...sums.map(({ bound }) => bound)),
    beyondFloat: sums.reduce((total, { beyondFloat }) => total + beyondFloat, 0),
    ties: quantizers.filter(isActivation).reduce((total, [, { ties }]) => total + ties, 0),
  };
}
