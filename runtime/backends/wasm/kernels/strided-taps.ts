import { tf } from "../../../tensors.ts";
import type { ConvWindows } from "./conv-windows.ts";
import { measureReach } from "./conv-windows.ts";
import { reframe } from "./reframe.ts";

type Pair = readonly [number, number];

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
export function takeTap(
  covered: tf.Tensor,
  windows: ConvWindows,
  row: number,
  column: number,
): tf.Tensor {
  const { strideHeight, strideWidth, outHeight, outWidth, dilationHeight, dilationWidth } = windows;
  const [top, left] = [row * dilationHeight, column * dilationWidth];
  const phase = takePhase(covered, [strideHeight, strideWidth], [top, left]);
  const [batch = 0, , , channels = 0] = covered.shape;
  const begin = [0, Math.floor(top / strideHeight), Math.floor(left / strideWidth), 0];
  return tf.slice(phase, begin, [batch, outHeight, outWidth, channels]);
}

/**
 * Of a map cut into blocks of the stride's size, one pixel of every block: the one where (top, left) lies in
 * its block. By reshapes and slices, because the engine's strided slices are slow.
 */
function takePhase(map: tf.Tensor, [rows, columns]: Pair, [top, left]: Pair): tf.Tensor {
  if (rows === 1 && columns === 1) return map;
  const [batch = 0, height = 0, width = 0, channels = 0] = map.shape;
  const [blocksDown, blocksAcross] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const whole = reframe(map, {
    top: 0,
    bottom: blocksDown * rows - height,
    left: 0,
    right: blocksAcross * columns - width,
  });
  const line = blocksAcross * columns * channels;
  const lines = tf.reshape(whole, [batch * blocksDown, rows, line]);
  const ownLines = tf.slice(lines, [0, top % rows, 0], [batch * blocksDown, 1, line]);
  const pixelCount = batch * blocksDown * blocksAcross;
  const pixels = tf.reshape(ownLines, [pixelCount, columns, channels]);
  const ownPixels = tf.slice(pixels, [0, left % columns, 0], [pixelCount, 1, channels]);
  return tf.reshape(ownPixels, [batch, blocksDown, blocksAcross, channels]);
}
