import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/** Mean of every channel over its map: [B, H, W, C] -> [B, C]. */
export function globalAverage(x: tf.Tensor): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const area = height * width;
  return customGradient(
    [x],
    () => tf.div(tf.sum(tf.reshape(x, [batch, area, channels]), 1), area),
    (gradient) => {
      const share = tf.reshape(tf.div(gradient, area), [batch, 1, channels]);
      return [tf.reshape(tf.tile(share, [1, area, 1]), [batch, height, width, channels])];
    },
  );
}
