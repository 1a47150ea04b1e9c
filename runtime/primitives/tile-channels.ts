import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/** Repeats the whole channel vector n times, as TensorFlow's tile: [..., C] -> [..., n * C]. */
export function tileChannels(x: tf.Tensor, n: number): tf.Tensor {
  const channels = x.shape[x.rank - 1] ?? 1;
  const leading = x.shape.slice(0, -1);
  return customGradient(
    [x],
    () => tf.tile(x, [...leading.map(() => 1), n]),
    (gradient) => [tf.sum(tf.reshape(gradient, [...leading, n, channels]), leading.length)],
  );
}
