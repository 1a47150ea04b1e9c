import { inParts } from "../../cli/verify/in-parts.ts";
import { exportOnnx } from "../../runtime/export/index.ts";
import { joinExamples } from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import {
  engines,
  floatingDeployment,
  verifyDeployment,
  type Deployment,
} from "../../runtime/verify/index.ts";
import { mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import { CellStopped } from "../results/train-cell.ts";
import { generator } from "./generator.ts";
import type { Inputs, Subject } from "./subject.ts";
import { summarize, type JudgedInputs } from "./summarize.ts";
import type { CellVerdict } from "./verdict.ts";

export interface JudgeWorld {
  readonly signal: AbortSignal;
  /** Told how far an engine is. */
  readonly tell: (text: string) => void;
}

/**
 * Verifies a subject on its inputs, as `repqc verify` does.
 * @throws CellStopped when the signal stops it
 */
export async function judge(
  subject: Subject,
  trained: HostWeights,
  { signal, tell }: JudgeWorld,
): Promise<CellVerdict> {
  const deployed = await mergeWeights(subject.program, trained);
  const inputs = await subject.inputs();
  const judged: JudgedInputs[] = [];
  for (const [index, one] of inputs.entries()) {
    const say = (text: string) => tell(inputs.length > 1 ? `input ${index + 1}: ${text}` : text);
    const deployment = { program: one.program, trained, deployed };
    judged.push(await judgeInputs(one, deployment, { signal, tell: say }));
  }
  const float = await mergeWeights(subject.float, trained);
  return {
    ...summarize(judged),
    bytes: {
      onnx: exportOnnx(subject.program, deployed, { generator }).bytes.length,
      float: exportOnnx(subject.float, float, { generator }).bytes.length,
    },
  };
}

async function judgeInputs(
  { program, branches, input, score }: Inputs,
  deployment: Deployment & { readonly trained: HostWeights },
  { signal, tell }: JudgeWorld,
): Promise<JudgedInputs> {
  const floating = await floatingDeployment(program, branches, deployment.trained);
  const outputs = new Map<string, HostTensor[]>();
  const [examples = 0] = input.shape;
  let done = 0;
  async function* parts() {
    for await (const part of inParts(whole(input), { examples, seconds: Infinity })) {
      if (signal.aborted) throw new CellStopped();
      yield part;
      done += part.shape[0] ?? 0;
    }
  }
  const verification = await verifyDeployment(deployment, parts(), {
    engines,
    ...(floating && { floating }),
    onProgress: (engine) => tell(`${done} of ${examples}, ${engine}`),
    ...(score && {
      onOutputs: (engine, output) =>
        void outputs.set(engine, [...(outputs.get(engine) ?? []), output]),
    }),
  });
  const scoreOf = (parts: readonly HostTensor[]) => score?.(joinExamples(parts)) ?? NaN;
  return {
    verification,
    scores: new Map([...outputs].map(([engine, parts]) => [engine, scoreOf(parts)])),
  };
}

async function* whole(input: HostTensor): AsyncGenerator<HostTensor> {
  yield input;
}
