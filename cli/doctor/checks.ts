import { convolveArrays } from "../../compiler/algebra/array-maps.ts";
import { conv } from "../../runtime/primitives/conv.ts";
import { learnedStepQuantize } from "../../runtime/quantizers/learned-step-quantize.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";
import { runGradients } from "../../runtime/train/index.ts";
import { referenceStep, type BlockNumbers, type BlockReference } from "./block-reference.ts";
import { compileBlock, drawNumbers, drawWeights, type CompiledBlock } from "./probe-block.ts";

/** One comparison with float64. */
export interface Check {
  readonly name: string;
  /** The largest difference, relative to the largest number that was expected (at least 1). */
  readonly error: number;
  readonly allowed: number;
}

/** A normalization's gradient is a small difference of large sums. */
const slackOfBlock = 5;

/** Compares the current engine with references that are computed on the spot. @param tolerance the engine's own */
export async function runChecks(tolerance: number): Promise<readonly Check[]> {
  const block = await blockErrors();
  const slack = slackOfBlock * tolerance;
  return [
    { name: "convolution and its gradients", error: await convolutionError(), allowed: tolerance },
    { name: "LSQ and its gradients", error: await quantizerError(), allowed: tolerance },
    { name: "RepQ block, output", error: block.output, allowed: slack },
    { name: "RepQ block, gradients", error: block.gradients, allowed: slack },
  ];
}

async function convolutionError(): Promise<number> {
  const random = Random.fromSeed(1);
  const [x, k, probe] = [[2, 6, 5, 4], [3, 3, 4, 8], [2, 3, 3, 8]].map((shape) => ({
    shape,
    data: drawNumbers(sizeOf(shape), random),
  })) as [Numbers, Numbers, Numbers]; // prettier-ignore
  const geometry = { stride: 2, pads: [1, 1, 1, 1], groups: 1 } as const;
  const value = (xs: Float64Array, ks: Float64Array) =>
    convolveArrays(
      { batch: 2, height: 6, width: 5, channels: 4, data: xs },
      { height: 3, width: 3, in: 4, out: 8, groups: 1, data: ks },
      undefined,
      geometry,
    ).data;
  const dot = (numbers: Float64Array) =>
    numbers.reduce((sum, number, index) => sum + number * (probe.data[index] ?? 0), 0);
  // Linear in each: the difference to the value with one number more by 1 is the slope.
  const base = dot(value(x.data, k.data));
  const ofX = x.data.map((_, i) => dot(value(raised(x.data, i), k.data)) - base);
  const ofKernel = k.data.map((_, i) => dot(value(x.data, raised(k.data, i))) - base);
  const found = await computed(() => {
    const inputs = [x, k].map(toTensor);
    const run = (...[a, b]: tf.Tensor[]) => conv(a!, b!, geometry);
    const slopes = tf.grads((...all) => tf.sum(tf.mul(run(...all), toTensor(probe))))(inputs);
    return [run(...inputs), ...slopes];
  });
  return largest(
    [value(x.data, k.data), ofX, ofKernel].map((wanted, n) => errorOf(found[n], wanted)),
  );
}

async function quantizerError(): Promise<number> {
  const values = [-9, -8, -2.25, -0.5, 0, 1.5, 2.5, 6.75, 7, 7.25, 20];
  const levels = [-8, -8, -2, 0, 0, 2, 2, 7, 7, 7, 7];
  const inside = [0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0];
  const ofStep = levels.reduce((sum, level, i) => sum + level - inside[i]! * values[i]!, 0);
  const found = await computed(() => {
    const run = (v: tf.Tensor, s: tf.Tensor) =>
      learnedStepQuantize(v, s, -8, 7, { gradient: "none" });
    const inputs = [tf.tensor1d(values), tf.scalar(1)];
    const slopes = tf.grads((...[v, s]) => tf.sum(run(v!, s!)))(inputs);
    return [run(inputs[0]!, inputs[1]!), ...slopes];
  });
  return largest([levels, inside, [ofStep]].map((wanted, n) => errorOf(found[n], wanted)));
}

async function blockErrors(): Promise<{ readonly output: number; readonly gradients: number }> {
  const block = compileBlock([5, 4, 2]);
  const { numbers, probe, reference } = safeCase(block);
  const weights = new Map(
    block.program.weights.map(({ path, shape }) => [
      path,
      hostTensor(shape, numbers.weights.get(path)!),
    ]),
  );
  const shape = [numbers.input.batch, ...block.program.input.shape];
  const step = await runGradients(
    block.program,
    weights,
    hostTensor(shape, numbers.input.data),
    hostTensor(shape, probe),
  );
  const found = new Map(step.weights).set("input", step.input);
  const gradients = [...reference.gradients].map(([path, wanted]) =>
    errorOf(found.get(path)?.data, wanted),
  );
  return {
    output: errorOf(step.output.data, reference.output),
    gradients: largest(gradients),
  };
}

/** Numbers of which none lies so near to a tie that float32 might round it to the other side. */
export function safeCase(block: CompiledBlock): {
  readonly numbers: BlockNumbers;
  readonly probe: Float64Array;
  readonly reference: BlockReference;
} {
  const [height = 1, width = 1, channels = 1] = block.program.input.shape;
  const batch = 3;
  const length = batch * height * width * channels;
  for (let seed = 1; ; seed++) {
    const random = Random.fromSeed(seed);
    const weights = drawWeights(block.program, random);
    const input = { batch, height, width, channels, data: drawNumbers(length, random) };
    const probe = drawNumbers(length, random);
    const reference = referenceStep(block, { weights, input }, probe);
    if (reference.margin > 1e-4) return { numbers: { weights, input }, probe, reference };
  }
}

interface Numbers {
  readonly shape: number[];
  readonly data: Float64Array;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function toTensor({ shape, data }: Numbers): tf.Tensor {
  return tf.tensor(Float32Array.from(data), shape);
}

function hostTensor(shape: readonly number[], data: Float64Array): HostTensor {
  return { shape, data: Float32Array.from(data) };
}

function raised(numbers: Float64Array, index: number): Float64Array {
  const changed = numbers.slice();
  changed[index] = (changed[index] ?? 0) + 1;
  return changed;
}

async function computed(run: () => tf.Tensor[]): Promise<readonly ArrayLike<number>[]> {
  const tensors = tf.tidy(run);
  const numbers: ArrayLike<number>[] = [];
  for (const tensor of tensors) numbers.push((await tensor.data()).slice());
  tf.dispose(tensors);
  return numbers;
}

/** Infinity for what is missing or no number. */
function errorOf(found: ArrayLike<number> | undefined, wanted: ArrayLike<number>): number {
  if (found?.length !== wanted.length) return Infinity;
  const scale = largest([1, ...Array.from(wanted, Math.abs)]);
  return largest(Array.from(wanted, (number, i) => Math.abs(number - found[i]!) / scale));
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce(
    (most, number) => (number <= most ? most : Number.isNaN(number) ? Infinity : number),
    0,
  );
}
