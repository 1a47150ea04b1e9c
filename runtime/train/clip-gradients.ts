import { tf } from "../tensors.ts";

/**
 * Gradients scaled by one factor such that their common Euclidean norm is at most `most` (Pascanu et al., ICML 2013). The caller disposes the
 * result, and what was given.
 */
export function clipGradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  most: number,
): Map<string, tf.Tensor> {
  const factor = tf.tidy(() => {
    const squares = [...gradients.values()].map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    return tf.minimum(1, tf.div(most, tf.maximum(norm, 1e-12)));
  });
  const clipped = [...gradients].map(
    ([path, gradient]) => [path, tf.mul(gradient, factor)] as const,
  );
  factor.dispose();
  return new Map(clipped);
}
