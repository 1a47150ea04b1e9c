import type { Program } from "../../compiler/ir/program.ts";
import { TensorMemoryExhausted } from "../backends/tensor-memory-exhausted.ts";
import { tf } from "../tensors.ts";
import { disposeAll } from "../weights.ts";
import { differentiate } from "./differentiate.ts";
import { initializeSteps } from "./initialize-steps.ts";
import type { Loss } from "./losses/index.ts";
import type { StepBatch } from "./train-step.ts";
import { trainableWeights } from "./training-variables.ts";

/** A step of training that failed, before it changed anything. */
export interface FailedStep {
  readonly program: Program;
  /** Steps of quantizers may be missing. */
  readonly weights: ReadonlyMap<string, tf.Tensor>;
  readonly batch: StepBatch;
  readonly loss: Loss;
}

/** The error of a step; where the engine's memory did not suffice, one that also says which batch fits. */
export function withFittingBatch(error: unknown, step: FailedStep): unknown {
  if (!(error instanceof TensorMemoryExhausted)) return error;
  const images = step.batch.input.shape[0] ?? 1;
  return error.inStep({ images, fitting: findFitting(error, step, images) });
}

/** The largest power of two below `images` whose step fits: judged by the bytes of a small one, then tried. */
function findFitting(
  { exhaustion: { memory, limit, wanted, isOfOne } }: TensorMemoryExhausted,
  step: FailedStep,
  images: number,
): number | undefined {
  const least = powerBelow(Math.min(8, images / 2));
  const bytes = stepBytes(step, least, memory) ?? stepBytes(step, 1, memory);
  if (bytes === undefined) return undefined;
  const { input, target } = step.batch;
  // The batch that failed is still there; its place will be free.
  const free = limit - memory.alive() + bytesOf(input) + bytesOf(target);
  const most = isOfOne ? (images * limit) / wanted : free / (bytes / least);
  let fitting = powerBelow(Math.min(images - 1, most));
  while (fitting > 1 && stepBytes(step, fitting, memory) === undefined) fitting /= 2;
  return fitting;
}

/** The largest power of two that is no larger; at least 1. */
function powerBelow(number: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(number)));
}

function bytesOf({ size }: tf.Tensor): number {
  return 4 * size;
}

/** Bytes that a step on the first images takes at most; undefined where it does not fit. */
function stepBytes(
  step: FailedStep,
  images: number,
  memory: TensorMemoryExhausted["exhaustion"]["memory"],
): number | undefined {
  const before = memory.alive();
  memory.takePeak();
  try {
    tf.tidy(() => runStep(step, images));
    return memory.takePeak() - before;
  } catch (error) {
    if (error instanceof TensorMemoryExhausted) return undefined;
    throw error;
  }
}

/** Forward and backward; nothing comes of it. */
function runStep({ program, weights, batch, loss }: FailedStep, images: number): void {
  const [input, target] = [batch.input, batch.target].map((whole) =>
    tf.slice(whole, 0, images),
  ) as [tf.Tensor, tf.Tensor];
  const first = initializeSteps(program, weights, input);
  const by = trainableWeights(program).map(({ path }) => path);
  const objective = (output: tf.Tensor) => loss.compute(output, target);
  try {
    const complete = new Map([...weights, ...first]);
    const { value, output, gradients, updates } = differentiate(program, {
      weights: complete,
      input,
      by,
      objective,
    });
    tf.dispose([value, output]);
    disposeAll(gradients);
    disposeAll(updates);
  } finally {
    disposeAll(first);
  }
}
