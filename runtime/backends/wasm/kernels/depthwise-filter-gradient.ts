import { tf } from "../../../tensors.ts";
import { readConvWindows } from "./conv-windows.ts";
import type { KernelCall } from "./register-kernel.ts";
import { coverWindows, takeTap } from "./strided-taps.ts";

/** DepthwiseConv2dNativeBackpropFilter: for every tap, the sum over all windows of input times gradient. */
export function depthwiseFilterGradient({ inputs, attributes }: KernelCall): tf.Tensor {
  const { x, dy } = inputs as { x: tf.Tensor; dy: tf.Tensor };
  const filterShape = attributes["filterShape"] as [number, number, number, number];
  const [rows, columns, channels, multiplier] = filterShape;
  const windows = readConvWindows(x.shape, filterShape, attributes, true);
  const covered = coverWindows(x, windows);
  const gradient = tf.reshape(dy, [-1, channels, multiplier]);
  const taps = Array.from({ length: rows * columns }, (_, tap) =>
    tf.tidy(() => {
      const seen = takeTap(covered, windows, Math.floor(tap / columns), tap % columns);
      const products = tf.mul(tf.reshape(seen, [-1, channels, 1]), gradient);
      return tf.sum(tf.reshape(products, [-1, channels * multiplier]), 0);
    }),
  );
  return tf.reshape(tf.stack(taps), filterShape);
}
