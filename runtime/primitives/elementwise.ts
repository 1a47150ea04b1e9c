import { tf } from "../tensors.ts";

/** a + b, of the same shape. */
export function add(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.add(a, b);
}

/** a - b, of the same shape. */
export function subtract(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.sub(a, b);
}

/** a * b, of the same shape. */
export function multiply(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.mul(a, b);
}

/** -a. */
export function negate(a: tf.Tensor): tf.Tensor {
  return tf.neg(a);
}
