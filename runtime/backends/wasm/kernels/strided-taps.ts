import { tf } from "../../../tensors.ts";
import type { ConvWindows } from "./conv-windows.ts";
import { measureReach } from "./conv-windows.ts";
import { reframe } from "./reframe.ts";

/** The input with its padding, cut to exactly what the windows cover. */
export function coverWindows(input: tf.Tensor, windows: ConvWindows): tf.Tensor {
  const { padInfo, strideHeight, strideWidth, outHeight, outWidth, inHeight, inWidth } = windows;
  const reach = measureReach(windows);
  return reframe(input, {
    top: padInfo.top,
    bottom: (outHeight - 1) * strideHeight + reach.height - inHeight - padInfo.top,
    left: padInfo.left,
    right: (outWidth - 1) * strideWidth + reach.width - inWidth - padInfo.left,
  });
}

/** For one tap of the filter, the input value that every window sees there: [B, OH, OW, C]. */
export function takeTap(covered: tf.Tensor, windows: ConvWindows, row: number, column: number) {
  const { strideHeight, strideWidth, outHeight, outWidth, dilationHeight, dilationWidth } = windows;
  const [batch = 0, , , channels = 0] = covered.shape;
  const begin = [0, row * dilationHeight, column * dilationWidth, 0];
  if (strideHeight === 1 && strideWidth === 1) {
    return tf.slice(covered, begin, [batch, outHeight, outWidth, channels]);
  }
  const end = [
    batch,
    begin[1]! + (outHeight - 1) * strideHeight + 1,
    begin[2]! + (outWidth - 1) * strideWidth + 1,
    channels,
  ];
  return tf.stridedSlice(covered, begin, end, [1, strideHeight, strideWidth, 1]);
}
