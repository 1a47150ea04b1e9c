import {
  BackendUnavailable,
  classificationExamples,
  initialWeights,
  openBackend,
  train,
} from "../../index.ts";
import type { TrainingRun } from "../../runtime/train/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";
import { trainBlock, type BlockTraining } from "../support/train-block.ts";
import { tinyDataset, tinyProgram } from "../runtime/train/tiny-program.ts";

/** Opens a backend as any page would. */
export async function open(name: string) {
  try {
    const { tolerance, choice, ...backend } = await openBackend(name, { wasmFiles: "/wasm/" });
    return { name: backend.name, engine: backend.describe(), tolerance, choice };
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    return { missing: error.reason };
  }
}

/** How often somebody reads a tensor without waiting meanwhile: on webgpu that gives wrong numbers in a page. */
async function countReadsAtOnce<T>(work: () => Promise<T>): Promise<T & { readsAtOnce: number }> {
  const engine = tf.backend();
  const { readSync } = engine;
  let readsAtOnce = 0;
  engine.readSync = (dataId) => {
    readsAtOnce += 1;
    return readSync.call(engine, dataId);
  };
  try {
    return { ...(await work()), readsAtOnce };
  } finally {
    engine.readSync = readSync;
  }
}

type Entries = [string, HostTensor][];

/** `trainBlock`, on the backend that was opened last. */
export function trainSteps({
  weights,
  ...training
}: Omit<BlockTraining, "weights"> & { readonly weights: Entries }) {
  return countReadsAtOnce(async () => {
    const { trained, alive } = await trainBlock({ ...training, weights: new Map(weights) });
    return { trained: [...trained], alive };
  });
}

const recipe: TrainingRun["recipe"] = {
  epochs: 1,
  batch: 8,
  seed: 5,
  loss: { name: "softmax_cross_entropy" },
  optimizer: { name: "sgd", momentum: 0.9 },
  schedule: { name: "cosine" },
  rate: 0.1,
  stepRate: 0.01,
};

/** A classifier trained in one go, and stopped after a step and resumed from the checkpoint; all its tensors. */
export function trainTwice(stop: number) {
  const program = tinyProgram(true, { mode: "sampled", lattice: 2 });
  const trainingData = classificationExamples(tinyDataset(32), {
    augment: { flip: false, shift: 1 },
  });
  const run = { program, recipe, trainingData, weights: initialWeights(program, 3) };
  return countReadsAtOnce(async () => {
    const whole = await train(run);
    const controller = new AbortController();
    const onProgress = ({ step }: { step: number }) => step === stop && controller.abort();
    const { final: resume } = await train({ ...run, onProgress, signal: controller.signal });
    const rest = await train({ ...run, resume });
    const bits = ({ final }: typeof whole) => [...final.weights, ...final.optimizer];
    const { loss } = whole.history[0]!;
    return { stoppedAt: resume.state.step, whole: bits(whole), rest: bits(rest), loss };
  });
}
