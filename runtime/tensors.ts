/**
 * The engine's one door: TensorFlow.js as `tf`, for values (`tf.conv2d`) and types (`tf.Tensor`).
 * Only this file and `backends/` import `@tensorflow/*`, so that another engine could take its place.
 *
 * Node gets the union package on purpose: there `@tensorflow/tfjs-core` alone registers no gradients.
 */
export * as tf from "@tensorflow/tfjs";
