import { tf } from "../tensors.ts";
import { conv, type ConvGeometry } from "./conv.ts";

/**
 * Convolution of integer levels: y = fl(Σ levelsX * levelsK * fl(stepX * stepK)), [+ bias, rounded separately]. The sum is
 * exact in float32 in any order while it stays below 2^24, so every engine gives the same bits.
 * @param levelsX [B, H, W, C] or [B, C] @param stepX []
 * @param levelsK [kh, kw, C / groups, O] @param stepK [] or [O] @param bias [O]
 */
export function quantizedConv(
  levelsX: tf.Tensor,
  stepX: tf.Tensor,
  levelsK: tf.Tensor,
  stepK: tf.Tensor,
  geometry: ConvGeometry,
  bias?: tf.Tensor,
): tf.Tensor {
  const y = tf.mul(conv(levelsX, levelsK, geometry), tf.mul(stepX, stepK));
  return bias === undefined ? y : tf.add(y, bias);
}
