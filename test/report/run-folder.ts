import { createHash } from "node:crypto";
import { join } from "node:path";
import { compileRun } from "../../cli/train/compile-run.ts";
import { fileHost } from "../../cli/file-host.ts";
import { completeSteps } from "../../cli/run/run-program.ts";
import { writeRun, type Asked } from "../../cli/train/run-record.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { Random } from "../../runtime/random.ts";
import { writeSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { randomTensor } from "../cli/run-files.ts";

const spec = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
  branch skip  = identity -> bn    when in == out
  then relu
}

model Net {
  input image: image[6, 6, 2]
  body = image -> Mine(4) -> Mine(4)
  output body -> global_avg -> dense(3)
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          merged
}

quant After {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          after_merge
}

quant Branches {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          branches
}

quant Offset {
  weights:     minmax(bits: 4, per: tensor)
  activations: lsq_plus(bits: 4, per: tensor)
}

recipe Short {
  epochs:    3
  batch:     4
  loss:      cross_entropy
  optimizer: sgd(momentum: 0.9)
  schedule:  cosine
  rate:      0.1
}
`;

const line = (kind: string, epoch: number, step: number, more: object): string =>
  `${JSON.stringify({ kind, epoch, step, loss: 2 / step, ...more, seconds: step })}\n`;

export const metrics = [1, 2, 3]
  .map((epoch) => {
    const test = { accuracy: 0.4 + 0.1 * epoch };
    return (
      line("step", epoch, 2 * epoch - 1, { rate: 0.1 / epoch }) +
      line("epoch", epoch, 2 * epoch, { accuracy: 0.5, test })
    );
  })
  .join("");

/** A finished run of `Net` in a folder of its own, without data; its weights may be changed before they are written. */
export async function runFolder(
  quant: string | undefined,
  change: (weights: Map<string, HostTensor>) => void = () => {},
) {
  const terminal = fakeTerminal({ "mine.repq": spec, "run/metrics.jsonl": metrics });
  await openBackend("cpu");
  const usual = { file: "mine.repq", recipe: "Short", data: "images", seed: 1 };
  const asked: Asked = {
    ...usual,
    checkpointEvery: 200,
    logEvery: 1,
    ...(quant !== undefined && { quant }),
  };
  const compiled = compileRun(asked, terminal, [6, 6, 2]);
  const { program, recipe } = compiled;
  const host = fileHost(terminal.folder);
  const part = { name: "small images", source: "drawn by a test", size: 8 };
  const record = {
    repqc: "0.0.0",
    asked: { ...asked, file: "../mine.repq", data: "../images" },
    recipe,
    specs: [{ file: "mine.repq", sha256: createHash("sha256").update(spec).digest("hex") }],
    data: { training: part, test: part, fingerprint: "none" },
    weights: null,
    isMergeable: true,
    backend: { name: "cpu", threads: 1, engine: "cpu: for tests" },
  };
  await writeRun(host, "run", record, program);
  const input = randomTensor(Random.fromSeed(4), [3, 6, 6, 2]);
  const begun = new Map(initialWeights(program, 7));
  change(begun);
  const { weights } = await completeSteps(program, begun, input);
  await host.write("run/weights.safetensors", writeSafetensors(weights));
  await host.write("run/samples.safetensors", writeSafetensors(new Map([["input", input]])));
  return { terminal, at: (file: string) => join(terminal.folder, file) };
}
