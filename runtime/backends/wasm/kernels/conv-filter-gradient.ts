import { tf } from "../../../tensors.ts";
import { readConvWindows } from "./conv-windows.ts";
import type { KernelCall } from "./register-kernel.ts";
import { coverWindows } from "./strided-taps.ts";

/**
 * Conv2DBackpropFilter: dF[i, j, ci, co] = sum over b, p, q of x[b, p s + i, q s + j, ci] dy[b, p, q, co].
 * That is itself a convolution: channels of x are its batch, the batch is its channels, dy is its filter,
 * and stride becomes dilation.
 */
export function convFilterGradient({ inputs, attributes }: KernelCall): tf.Tensor {
  const { x, dy } = inputs as { x: tf.Tensor; dy: tf.Tensor };
  const windows = readConvWindows(
    x.shape,
    attributes["filterShape"] as number[],
    attributes,
    false,
  );
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = windows;
  const images = tf.transpose(coverWindows(x, windows), [3, 1, 2, 0]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const strides: [number, number] = [dilationHeight, dilationWidth];
  const dilations: [number, number] = [strideHeight, strideWidth];
  const gradient = tf.conv2d(images, filter, strides, "valid", "NHWC", dilations);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}
