import type { tf } from "../../../tensors.ts";
import { measureReach, type ConvWindows } from "./conv-windows.ts";
import type { Frame } from "./reframe.ts";

/** What must surround the spread output gradient so that a valid convolution of it has the input's size. */
export function frameForInput(spread: tf.Tensor, windows: ConvWindows): Frame {
  const reach = measureReach(windows);
  const [, height = 0, width = 0] = spread.shape;
  const top = reach.height - 1 - windows.padInfo.top;
  const left = reach.width - 1 - windows.padInfo.left;
  return {
    top,
    bottom: windows.inHeight - (height + top - reach.height + 1),
    left,
    right: windows.inWidth - (width + left - reach.width + 1),
  };
}
