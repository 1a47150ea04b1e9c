import { InferenceSession, Tensor } from "onnxruntime-node";
import { grouped, renderTable } from "../cli/table.ts";
import type { Program } from "../compiler/ir/index.ts";
import { openBackend } from "../runtime/backends/index.ts";
import { compareOutputs, exportOnnx, runOnnx, type OnnxOptions } from "../runtime/export/index.ts";
import { runInteger } from "../runtime/integer/index.ts";
import { Random } from "../runtime/random.ts";
import type { HostTensor } from "../runtime/safetensors.ts";
import { mergeWeights } from "../runtime/weights.ts";
import { median } from "./median.ts";
import type { BenchOptions } from "./options.ts";
import { compileSpec, type SpecRequest } from "./verdicts/compile-spec.ts";
import { generator } from "./verdicts/generator.ts";
import { firstWeights } from "./verdicts/first-weights.ts";

type Model = SpecRequest & { readonly name: string };

const uniform = "repq:quant/uniform";

const models: readonly Model[] = [
  { name: "RepVGG-A0, 224 x 224", spec: "repq:models/repvgg", entry: "RepVGG_A0" },
  { name: "MobileOne-S0, 224 x 224", spec: "repq:models/mobileone", entry: "MobileOne_S0" },
  { name: "AC-ResNet-18, 224 x 224", spec: "repq:models/ac-resnet18", entry: "AC_ResNet18" },
  {
    name: "ECBSR-M4C16, 128 x 128 to 256 x 256",
    spec: "repq:models/ecbsr",
    entry: "ECBSR_M4C16(scale: 2, colors: 3)",
    shape: [128, 128, 3],
  },
];

type Scales = NonNullable<OnnxOptions["scales"]>;

interface Width {
  /** Absent: floating point. */
  readonly bits?: 8 | 4;
  readonly scales: readonly Scales[];
}

/** The first is what the others are compared with. */
const widths: readonly Width[] = [
  { scales: ["after-sum"] },
  { bits: 8, scales: ["after-sum", "in-dequantize"] },
  { bits: 4, scales: ["after-sum", "in-dequantize"] },
];

interface Deployed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Share of the outputs that are not the integer executor's; absent in floating point. */
  readonly differing?: number;
}

/**
 * Size and speed of deployed models in onnxruntime, one image at a time: every form of the file beside floating point in the same run, and
 * how many of its outputs are not the integer executor's.
 */
export async function measureDeployed({ rounds }: BenchOptions): Promise<void> {
  await openBackend("wasm", { threads: 2 });
  console.log(
    `onnxruntime, all optimizations, one image, first weights of seed 1, medians of ${rounds} rounds`,
  );
  for (const model of models) {
    const files: Deployed[] = [];
    for (const { bits, scales } of widths) files.push(...(await deploy(model, bits, scales)));
    const { input } = compileSpec(model);
    const times = [await timesOf(files, input, 1, rounds), await timesOf(files, input, 2, rounds)];
    const rows = files.map(({ name, bytes, differing }, index) => [
      name,
      grouped(Math.round(bytes.length / 1024)),
      differing === undefined ? "" : `${(100 * differing).toFixed(1)} %`,
      ...times.flatMap((each) => timeCells(each[index] ?? [], each[0] ?? [])),
    ]);
    console.log();
    console.log(renderTable([model.name, "KiB", "outputs differ", "1 thread, ms", "to float", "2 threads, ms", "to float"], rows)); // prettier-ignore
  }
}

/** A model at one width, in every form of the file. */
async function deploy(
  model: Model,
  bits: Width["bits"],
  scales: readonly Scales[],
): Promise<readonly Deployed[]> {
  const policy = { call: `RepQ(${bits})`, spec: uniform };
  const program = compileSpec({ ...model, ...(bits && { policy }) });
  const weights = await mergeWeights(program, await firstWeights(program, 1, noise(program)));
  const input = noise(program);
  const exact = bits && runInteger(program.deploy, weights, input).output;
  const files: Deployed[] = [];
  for (const form of scales) {
    const { bytes } = exportOnnx(program, weights, { generator, scales: form });
    if (!exact) files.push({ name: "floating point", bytes });
    else {
      const { differing, compared } = compareOutputs(exact, await runOnnx(bytes, input));
      files.push({ name: `${bits} bits, ${form}`, bytes, differing: differing / compared });
    }
  }
  return files;
}

/** Images of no content: no engine's time depends on it. */
function noise({ input }: Program): HostTensor {
  const shape = [1, ...input.shape];
  const random = Random.fromSeed(1);
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, () => random.uniform()) };
}

/** Milliseconds of each file's runs, turn by turn, so that a busy moment of the machine falls on all of them. */
async function timesOf(
  files: readonly Deployed[],
  input: Program["input"],
  threads: number,
  rounds: number,
): Promise<readonly number[][]> {
  const [height = 1, width = 1, channels = 1] = input.shape;
  const data = new Float32Array(height * width * channels).fill(0.5);
  const feeds = { [input.name]: new Tensor("float32", data, [1, channels, height, width]) };
  const options = { intraOpNumThreads: threads, logSeverityLevel: 3 } as const;
  const sessions = await Promise.all(
    files.map(({ bytes }) => InferenceSession.create(bytes, options)),
  );
  for (const session of sessions) await session.run(feeds);
  const times = files.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, session] of sessions.entries()) {
      const start = performance.now();
      await session.run(feeds);
      times[index]?.push(performance.now() - start);
    }
  }
  for (const session of sessions) await session.release();
  return times;
}

function timeCells(times: readonly number[], float: readonly number[]): readonly string[] {
  const ratio = median(times.map((time, round) => time / (float[round] ?? time)));
  return [median(times).toFixed(1), ratio.toFixed(2)];
}
