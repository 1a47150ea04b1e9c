import { batches, type Dataset } from "../../runtime/data/index.ts";
import { predict } from "../../runtime/predict.ts";
import { exportOnnx, runOnnx } from "../../runtime/export/index.ts";
import { runInteger } from "../../runtime/integer/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { judgeOutputs, type Verdict } from "../../runtime/verify/index.ts";
import { initialWeights, mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import type { Program } from "../../compiler/ir/index.ts";
import type { DemoPlan } from "./plan.ts";
import { fileName, trainStage } from "./train-stage.ts";
import type { DemoWorld } from "./world.ts";

/** One row of the demo's table. */
export interface DemoRow {
  readonly name: string;
  /** Share of the test images, 0 to 1; the engines compute the same outputs, or `verdicts` says where not. */
  readonly accuracy: number;
  /** Deployed kernels and biases as float32, and what the exported file stores of them. */
  readonly bytes: { readonly float: number; readonly stored: number };
  /** Outputs of the training graph in eval mode against the other engines. */
  readonly verdicts?: { readonly integer: Verdict; readonly onnx: Verdict };
}

/** Trains in floating point, then quantized in two ways from the same weights; deploys each and compares the engines. */
export async function runDemo(plan: DemoPlan, world: DemoWorld): Promise<readonly DemoRow[]> {
  const float = await trainStage(
    "floating point",
    plan,
    plan.float,
    initialWeights(plan.float, world.seed),
    world,
  );
  const baseline = await floatRow(plan.float, float, world);
  const mergedStart = await mergeWeights(plan.float, float);
  const merged = await trainStage("Merged", plan, plan.merged, mergedStart, world);
  const mergedRow = await quantizedRow("Merged", plan.merged, merged, world);
  const repq = await trainStage("RepQ", plan, plan.repq, float, world);
  return [baseline, mergedRow, await quantizedRow("RepQ", plan.repq, repq, world)];
}

async function floatRow(
  program: Program,
  weights: HostWeights,
  world: DemoWorld,
): Promise<DemoRow> {
  const stage = world.begin("test floating point");
  const { accuracy } = await predict(program.train, weights, world.test, {
    onProgress: stage.update,
  });
  const deployed = await mergeWeights(program, weights);
  const file = exportOnnx(program, deployed, { generator: world.generator });
  world.write("floating-point.onnx", file.bytes);
  stage.end(percent(accuracy));
  return { name: "floating point", accuracy, bytes: file.weightBytes };
}

async function quantizedRow(
  name: string,
  program: Program,
  weights: HostWeights,
  world: DemoWorld,
): Promise<DemoRow> {
  const stage = world.begin(`test ${name} in three engines`);
  const images = await allImages(world.test);
  const training = await predict(program.train, weights, world.test, {
    onProgress: (done, total) => stage.update(done, 3 * total, "training graph"),
  });
  const deployed = await mergeWeights(program, weights);
  const integer = runInteger(program.deploy, deployed, images, {
    onProgress: (done, total) => stage.update(total + done, 3 * total, "integers"),
  });
  const file = exportOnnx(program, deployed, { generator: world.generator });
  world.write(`${fileName(name)}.onnx`, file.bytes);
  const onnx = await runOnnx(file.bytes, images, {
    onProgress: (done, total) => stage.update(2 * total + done, 3 * total, "onnxruntime"),
  });
  const deployment = { program, trained: weights, deployed };
  const judge = (other: HostTensor) => judgeOutputs(deployment, images, training.outputs, other);
  stage.end(percent(training.accuracy));
  return {
    name,
    accuracy: training.accuracy,
    bytes: file.weightBytes,
    verdicts: { integer: await judge(integer.output), onnx: await judge(onnx) },
  };
}

/** The whole test part as one input. */
async function allImages(dataset: Dataset): Promise<HostTensor> {
  const options = { batch: dataset.size, random: Random.fromSeed(0), shuffle: false };
  for await (const { images, labels } of batches(dataset, options)) {
    return { shape: [labels.length, ...dataset.shape], data: images.slice() };
  }
  throw new Error("repqc bug: a dataset without images");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
