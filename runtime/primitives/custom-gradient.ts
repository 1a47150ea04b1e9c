import { tf } from "../tensors.ts";

/** Keeps tensors alive for the backward pass. */
export type Save = (tensors: tf.Tensor[]) => void;

/**
 * One differentiable operation with a hand-written gradient, of first order only.
 * @param inputs what is differentiated; tensors that `forward` merely closes over get no gradient
 * @param forward computes the value; what `backward` needs it hands to `save`, in one call
 * @param backward from the value's gradient and the saved tensors to one gradient per input
 */
export function customGradient(
  inputs: tf.Tensor[],
  forward: (save: Save) => tf.Tensor,
  backward: (gradient: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  const operation = tf.customGrad((...received) => {
    const save = received[received.length - 1] as Save;
    const value = forward(save);
    // Without this tidy the intermediate results of all backward functions would live to the end of the pass.
    return { value, gradFunc: (gradient, saved) => tf.tidy(() => backward(gradient, saved)) };
  });
  return operation(...inputs);
}
