import { tf } from "../../../tensors.ts";
import type { KernelParameters, Original } from "./register-kernel.ts";

const flag = "WEBGPU_MATMUL_PROGRAM_TYPE";

/** The engine's numbers of its ways to multiply matrices. */
const [automatic, smallTiles] = [-1, 2];

/** A matrix product, or a convolution as one: rows x inner times inner x columns, so many times. */
type Product = {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
};

/**
 * A matrix product without the engine's way for long sums with few results, which adds up parts by atomic operations:
 * these come in another order every time, and a training would not be the same twice.
 */
export function multiplyWithoutAtomics(
  parameters: KernelParameters,
  original: Original,
): tf.TensorInfo {
  const { a, b } = parameters.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const { transposeA, transposeB } = parameters.attrs as unknown as Record<string, boolean>;
  const [inner, rows] = transposeA ? [-2, -1] : [-1, -2];
  const product = {
    count: Math.max(...[a, b].map(({ shape }) => tf.util.sizeFromShape(shape.slice(0, -2)))),
    rows: a.shape.at(rows)!,
    columns: b.shape.at(transposeB ? -2 : -1)!,
    inner: a.shape.at(inner)!,
  };
  return avoidAtomics(product, () => original(parameters));
}

/** The same for a convolution, which the engine computes as a matrix product where there are few results. */
export function convolveWithoutAtomics(
  parameters: KernelParameters,
  original: Original,
): tf.TensorInfo {
  const { x, filter } = parameters.inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
  const { strides, pad, dilations } = parameters.attrs as unknown as ConvAttributes;
  const shapes = [x.shape, filter.shape] as [Shape4D, Shape4D];
  const found = tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad);
  const inner = found.filterHeight * found.filterWidth * found.inChannels;
  const positions = found.outHeight * found.outWidth;
  // A window that is the whole map makes rows of the images.
  const isWholeMap = tf.util.sizeFromShape(x.shape.slice(1)) === inner;
  const [count, rows] = isWholeMap ? [1, found.batchSize] : [found.batchSize, positions];
  const product = { count, rows, columns: found.outChannels, inner };
  return avoidAtomics(product, () => original(parameters));
}

type Shape4D = [number, number, number, number];

type ConvAttributes = {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: "valid" | "same" | number;
};

function avoidAtomics(product: Product, multiply: () => tf.TensorInfo): tf.TensorInfo {
  if (!mayUseAtomics(product)) return multiply();
  tf.env().set(flag, smallTiles);
  try {
    return multiply();
  } finally {
    tf.env().set(flag, automatic);
  }
}

/** The engine's condition, for the GPU where it is widest. */
function mayUseAtomics({ count, rows, columns, inner }: Product): boolean {
  const tiles = Math.ceil(rows / 32) * Math.ceil(columns / 32);
  return count === 1 && inner >= 2000 && tiles <= 32 && rows * columns > 128;
}
