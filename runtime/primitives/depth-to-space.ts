import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/**
 * Moves channels into s x s blocks of pixels: [B, H, W, s * s * C] -> [B, s * H, s * W, C].
 * Pixel (i, j) of a block is channel (i * s + j) * C + c, TensorFlow's order (ONNX: DCR).
 */
export function depthToSpace(x: tf.Tensor, s: number): tf.Tensor {
  const [batch = 0, height = 0, width = 0, depth = 0] = x.shape;
  const channels = depth / (s * s);
  const swapRowsWithBlocks = [0, 2, 1, 3];
  return customGradient(
    [x],
    () => {
      const blocks = tf.reshape(x, [batch * height, width, s, s * channels]);
      const rows = tf.transpose(blocks, swapRowsWithBlocks);
      return tf.reshape(rows, [batch, height * s, width * s, channels]);
    },
    (gradient) => {
      const rows = tf.reshape(gradient, [batch * height, s, width, s * channels]);
      return [tf.reshape(tf.transpose(rows, swapRowsWithBlocks), [batch, height, width, depth])];
    },
  );
}
