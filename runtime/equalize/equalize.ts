import type { Graph } from "../../compiler/ir/graph.ts";
import type { HostTensor } from "../safetensors.ts";
import type { HostWeights } from "../weights.ts";
import { channelScales } from "./channel-scales.ts";
import { findSeams, type Reader, type Seam } from "./find-seams.ts";
import { measureRanges, type InputBatch } from "./measure-ranges.ts";

export interface Equalized {
  readonly weights: HostWeights;
  readonly seams: readonly EqualizedSeam[];
}

/** What was done between one convolution and its readers. */
export interface EqualizedSeam {
  /** Path of the kernel in front. */
  readonly kernel: string;
  /** What its channels were divided by, the least and the most. */
  readonly scales: { readonly least: number; readonly most: number };
}

/**
 * Divides the channels between convolutions by factors, and multiplies the kernels behind: the function stays the same but
 * for rounding. The factors are a compromise between one step for all channels of the value and one for all inputs of a kernel's
 * output. Where anything but a convolution reads a value in the end, its channels stay as they are.
 * @param graph a deploy graph without quantizers
 * @param weights all of the graph's, by path
 * @param batches what ranges are measured with, on the open backend
 */
export async function equalize(
  graph: Graph,
  weights: HostWeights,
  batches: AsyncIterable<InputBatch>,
): Promise<Equalized> {
  const seams = findSeams(graph);
  if (seams.length === 0) return { weights, seams: [] };
  const values = [...new Set(seams.flatMap(({ readers }) => readers.map(({ value }) => value)))];
  const ranges = await measureRanges(graph, values, weights, batches);
  const factors = new Factors();
  const equalized = seams.map((seam) => {
    const range = largestOf(seam, ranges);
    const scales = channelScales(range, readerWeights(seam, weights));
    for (const path of seam.writers) factors.divideOutputs(path, scales);
    for (const reader of seam.readers) factors.multiplyInputs(reader, scales);
    const [least, most] = [Math.min(...scales), Math.max(...scales)];
    return { kernel: seam.writers[0] ?? "", scales: { least, most } };
  });
  return { weights: factors.applyTo(weights), seams: equalized };
}

/** Per channel, over all that readers see of it. */
function largestOf(
  { channels, readers }: Seam,
  ranges: ReadonlyMap<string, Float64Array>,
): readonly number[] {
  const seen = readers.map(({ value }) => ranges.get(value));
  return Array.from({ length: channels }, (_, channel) =>
    Math.max(...seen.map((range) => range?.[channel] ?? 0)),
  );
}

/** Per channel the root of the sum of squares of all that multiplies it. */
function readerWeights({ channels, readers }: Seam, weights: HostWeights): readonly number[] {
  const squares = Array.from({ length: channels }, () => 0);
  for (const { kernel, groups } of readers) {
    const tensor = take(weights, kernel);
    const channelAt = inputChannels(tensor, groups);
    tensor.data.forEach((number, index) => {
      const channel = channelAt(index);
      squares[channel] = (squares[channel] ?? 0) + number * number;
    });
  }
  return squares.map(Math.sqrt);
}

/** From the position of a number in a kernel HWIO to the input channel that it multiplies. */
function inputChannels({ shape }: HostTensor, groups: number): (index: number) => number {
  const [inGroup = 1, out = 1] = shape.slice(-2);
  return (index) => {
    const group = Math.floor((index % out) / (out / groups));
    return group * inGroup + (Math.floor(index / out) % inGroup);
  };
}

/** What weights are multiplied by, gathered, so that each is rounded once. */
class Factors {
  readonly #outputs = new Map<string, readonly number[]>();
  readonly #inputs = new Map<string, { readonly groups: number; scales: readonly number[] }>();

  divideOutputs(path: string, scales: readonly number[]): void {
    this.#outputs.set(path, scales);
  }

  multiplyInputs({ kernel, groups }: Reader, scales: readonly number[]): void {
    this.#inputs.set(kernel, { groups, scales });
  }

  applyTo(weights: HostWeights): HostWeights {
    return new Map([...weights].map(([path, tensor]) => [path, this.#scaled(path, tensor)]));
  }

  #scaled(path: string, tensor: HostTensor): HostTensor {
    const [outputs, inputs] = [this.#outputs.get(path), this.#inputs.get(path)];
    if (!outputs && !inputs) return tensor;
    const channelAt = inputChannels(tensor, inputs?.groups ?? 1);
    const data = tensor.data.map((number, index) => {
      const factor = inputs?.scales[channelAt(index)] ?? 1;
      return (number * factor) / (outputs?.[index % outputs.length] ?? 1);
    });
    return { shape: tensor.shape, data };
  }
}

function take(weights: HostWeights, path: string): HostTensor {
  const tensor = weights.get(path);
  if (!tensor) throw new Error(`repqc bug: there is no weight \`${path}\``);
  return tensor;
}
