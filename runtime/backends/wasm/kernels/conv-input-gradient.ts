import { tf } from "../../../tensors.ts";
import { readConvWindows } from "./conv-windows.ts";
import { frameForInput } from "./frame-for-input.ts";
import type { KernelCall } from "./register-kernel.ts";
import { type Frame, reframe } from "./reframe.ts";
import { spreadWithZeros } from "./spread-with-zeros.ts";

/**
 * Conv2DBackpropInput: the output's gradient, spread apart by the stride, convolved with the filter
 * turned by 180 degrees and with its two channel axes exchanged.
 */
export function convInputGradient({ inputs, attributes }: KernelCall): tf.Tensor {
  const { dy, filter } = inputs as { dy: tf.Tensor; filter: tf.Tensor };
  const inputShape = attributes["inputShape"] as number[];
  const windows = readConvWindows(inputShape, filter.shape, attributes, false);
  const spread = spreadWithZeros(dy, windows.strideHeight, windows.strideWidth);
  const frame = frameForInput(spread, windows);
  const canPad = [frame.top, frame.bottom, frame.left, frame.right].every((n) => n >= 0);
  const framed = (canPad ? spread : reframe(spread, frame)) as tf.Tensor4D;
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
  const { dilationHeight, dilationWidth } = windows;
  const pad = canPad ? padExplicitly(frame) : "valid";
  return tf.conv2d(framed, turned, 1, pad, "NHWC", [dilationHeight, dilationWidth]);
}

/** Padding done by the convolution itself costs no copy. */
function padExplicitly({ top, bottom, left, right }: Frame): tf.backend_util.ExplicitPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
