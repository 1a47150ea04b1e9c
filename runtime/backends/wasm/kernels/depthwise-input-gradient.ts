import { tf } from "../../../tensors.ts";
import { readConvWindows } from "./conv-windows.ts";
import { frameForInput } from "./frame-for-input.ts";
import type { KernelCall } from "./register-kernel.ts";
import { reframe } from "./reframe.ts";
import { spreadWithZeros } from "./spread-with-zeros.ts";

type Shape = [number, number, number, number];

/** DepthwiseConv2dNativeBackpropInput, as for dense convolutions, summed over the channel multiplier. */
export function depthwiseInputGradient({ inputs, attributes }: KernelCall): tf.Tensor {
  const { dy, filter } = inputs as { dy: tf.Tensor; filter: tf.Tensor };
  const inputShape = attributes["inputShape"] as number[];
  const windows = readConvWindows(inputShape, filter.shape, attributes, true);
  const spread = spreadWithZeros(dy, windows.strideHeight, windows.strideWidth);
  const framed = reframe(spread, frameForInput(spread, windows));
  const turned = tf.reverse(filter, [0, 1]);
  const [, , channels = 0, multiplier = 1] = filter.shape;
  const dilations: [number, number] = [windows.dilationHeight, windows.dilationWidth];
  const [batch = 0, height = 0, width = 0] = framed.shape;
  const [filterHeight = 1, filterWidth = 1] = filter.shape;
  const shares = Array.from({ length: multiplier }, (_, q) => {
    const map = takeMultiple(framed, multiplier, q, [batch, height, width, channels]);
    const part = takeMultiple(turned, multiplier, q, [filterHeight, filterWidth, channels, 1]);
    return tf.depthwiseConv2d(map, part, 1, "valid", "NHWC", dilations);
  });
  return multiplier === 1 ? shares[0]! : tf.addN(shares);
}

/** Every `multiplier`-th number from the q-th on: of channels c * multiplier + q, those of one q. */
function takeMultiple(tensor: tf.Tensor, multiplier: number, q: number, shape: Shape): tf.Tensor4D {
  const groups = tensor.size / multiplier;
  const numbers = tf.slice(tf.reshape(tensor, [groups, multiplier]), [0, q], [groups, 1]);
  return tf.reshape(numbers, shape);
}
