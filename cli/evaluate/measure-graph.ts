import type { Graph } from "../../compiler/ir/index.ts";
import type { Examples } from "../../runtime/data/index.ts";
import { evaluateWith } from "../../runtime/evaluate.ts";
import { psnr, ssim } from "../../runtime/metrics/index.ts";
import { disposeAll, toTensors, type HostWeights } from "../../runtime/weights.ts";

/** How good a graph is: for images with labels `accuracy`, 0 to 1; for others means over the images. */
export interface Measured {
  readonly accuracy?: number;
  /** Of luma, in decibels. */
  readonly psnr?: number;
  /** Of luma; absent where an image is smaller than SSIM's window. */
  readonly ssim?: number;
  /** Each image, where they are not labelled. */
  readonly images: readonly MeasuredImage[];
}

export interface MeasuredImage {
  readonly name: string;
  readonly psnr: number;
  readonly ssim?: number;
}

/** Measures a graph, mode `eval`, on the open backend. @throws FileProblem where an example cannot be read */
export async function measureGraph(
  graph: Graph,
  weights: HostWeights,
  examples: Examples & { readonly names?: readonly string[] },
  onProgress: (done: number, total: number) => void,
): Promise<Measured> {
  const images: MeasuredImage[] = [];
  const tensors = toTensors(weights);
  try {
    const found = await evaluateWith(graph, tensors, examples, {
      onProgress,
      onImage: (compared, options) => {
        const name = examples.names?.[images.length] ?? `image ${images.length}`;
        const { height, width } = compared;
        const isSeen = Math.min(height, width) - 2 * options.border >= smallestForSsim;
        const structure = isSeen && { ssim: ssim(compared, options) };
        images.push({ name, psnr: psnr(compared, options), ...structure });
      },
    });
    const structures = images.flatMap((image) => image.ssim ?? []);
    const hasAll = images.length > 0 && structures.length === images.length;
    return { ...found, ...(hasAll && { ssim: meanOf(structures) }), images };
  } finally {
    disposeAll(tensors);
  }
}

/** Pixels along a side of SSIM's window. */
const smallestForSsim = 11;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
