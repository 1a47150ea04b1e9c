import type { Program } from "../../compiler/ir/index.ts";
import { Random } from "../../runtime/random.ts";
import { writeSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import type { RunExamples } from "./run-examples.ts";

/** Inputs on which activations are looked at. */
export interface Sample {
  /** [images, height, width, channels]. */
  readonly input: HostTensor;
  /** "the first 64 images of Fashion-MNIST, test part". */
  readonly source: string;
}

/** Images, or fewer where they are large: so many positions. */
const mostImages = 64;
const mostPositions = 1 << 20;

/**
 * The first inputs of a run's data, as the model gets them.
 * @throws FileProblem where one cannot be read
 */
export async function sampleInputs(
  { input: { shape } }: Program,
  { training, test }: RunExamples,
  seed: number,
): Promise<Sample | undefined> {
  const [height = 1, width = 1] = shape;
  const batch = Math.max(1, Math.min(mostImages, Math.floor(mostPositions / (height * width))));
  // Whole photographs differ in size, and what a model was compiled for is one size.
  const examples = test && test.target.kind === "labels" ? test : training;
  const random = Random.fromSeed(seed).fork("report");
  for await (const batchOf of examples.pass({ batch, random, shuffle: false })) {
    const { inputs, inputShape, count } = batchOf;
    const input = { shape: [count, ...inputShape], data: inputs.slice() };
    return { input, source: `the first ${count} images of ${examples.name}` };
  }
  return undefined;
}

/** As a file of the run: one tensor `input`, and where it is from. */
export function sampleBytes({ input, source }: Sample): Uint8Array<ArrayBuffer> {
  return writeSafetensors(new Map([["input", input]]), new Map([["source", source]]));
}
