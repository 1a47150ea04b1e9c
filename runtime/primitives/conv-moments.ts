import { tf } from "../tensors.ts";
import { conv, type ConvGeometry } from "./conv.ts";
import { moments, type Moments } from "./moments.ts";

/** Mean and biased variance, per output channel, of `conv(x, kernel, geometry)`. Shapes as there. */
export function convMoments(x: tf.Tensor, kernel: tf.Tensor, geometry: ConvGeometry): Moments {
  return tf.tidy(() => moments(conv(x, kernel, geometry)));
}
