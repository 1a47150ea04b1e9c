import { tf } from "../../../tensors.ts";
import type { Crew } from "../crew.ts";
import { type ConvWindows, readConvWindows } from "./conv-windows.ts";
import type { KernelCall } from "./register-kernel.ts";
import { coverWindows } from "./strided-taps.ts";
import { fitsTiles, tiledFilterGradient } from "./tiled-filter-gradient.ts";

/** Conv2DBackpropFilter: dF[i, j, ci, co] = sum over b, p, q of x[b, p s + i, q s + j, ci] dy[b, p, q, co]. */
export function convFilterGradient(
  { inputs, attributes }: KernelCall,
  crew: Crew | undefined,
): tf.Tensor {
  const { x, dy } = inputs as { x: tf.Tensor; dy: tf.Tensor };
  const windows = readConvWindows(
    x.shape,
    attributes["filterShape"] as number[],
    attributes,
    false,
  );
  const covered = coverWindows(x, windows);
  const isDilated = windows.dilationHeight > 1 || windows.dilationWidth > 1;
  if (crew === undefined || isDilated || !fitsTiles(windows.inChannels, windows.outChannels)) {
    return convolveWithGradient(covered, dy, windows);
  }
  return tiledFilterGradient(crew, covered, dy, {
    filterRows: windows.filterHeight,
    filterColumns: windows.filterWidth,
    strideRows: windows.strideHeight,
    strideColumns: windows.strideWidth,
  });
}

/**
 * The sum is itself a convolution: channels of x are its batch, the batch is its channels, dy is its
 * filter, and stride becomes dilation.
 */
function convolveWithGradient(covered: tf.Tensor, dy: tf.Tensor, windows: ConvWindows): tf.Tensor {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = windows;
  const images = tf.transpose(covered, [3, 1, 2, 0]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const strides: [number, number] = [dilationHeight, dilationWidth];
  const dilations: [number, number] = [strideHeight, strideWidth];
  const gradient = tf.conv2d(images, filter, strides, "valid", "NHWC", dilations);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}
