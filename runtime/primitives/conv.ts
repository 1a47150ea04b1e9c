import { tf } from "../tensors.ts";

/** Where a convolution's windows lie. */
export type ConvGeometry = {
  /** Distance between two windows, the same for rows and columns. */
  readonly stride: number;
  /** Zeros put around the input: top, bottom, left, right. */
  readonly pads: readonly [number, number, number, number];
  /** The input's channels are split into this many groups that do not see each other. */
  readonly groups: number;
};

/**
 * Cross-correlation with zero padding.
 * @param x [B, H, W, C], or [B, C] with a 1x1 kernel
 * @param kernel [kh, kw, C / groups, O]; the output channels of one group lie side by side
 * @returns [B, OH, OW, O], or [B, O]
 */
export function conv(x: tf.Tensor, kernel: tf.Tensor, geometry: ConvGeometry): tf.Tensor {
  if (x.rank === 2) return convRows(x, kernel, geometry);
  const [, height = 0, width = 0, channels = 0] = x.shape;
  const { stride, groups } = geometry;
  const padding = namePadding(height, width, kernel, geometry);
  const padded = (padding === "explicit" ? padSpace(x, geometry.pads) : x) as tf.Tensor4D;
  const mode = padding === "same" ? "same" : "valid";
  if (groups === 1) return tf.conv2d(padded, kernel as tf.Tensor4D, stride, mode);
  if (groups === channels) {
    return tf.depthwiseConv2d(padded, byChannel(kernel, channels), stride, mode);
  }
  const parts = tf.split(padded, groups, 3) as tf.Tensor4D[];
  const kernels = tf.split(kernel, groups, 3) as tf.Tensor4D[];
  return tf.concat(
    parts.map((part, g) => tf.conv2d(part, kernels[g]!, stride, mode)),
    3,
  );
}

/** A 1x1 convolution of single pixels is a matrix product. */
function convRows(x: tf.Tensor, kernel: tf.Tensor, geometry: ConvGeometry): tf.Tensor {
  const [rows = 0, channels = 0] = x.shape;
  const outputs = kernel.shape[3] ?? 1;
  if (geometry.groups === 1) return tf.matMul(x, tf.reshape(kernel, [channels, outputs]));
  const y = conv(tf.reshape(x, [rows, 1, 1, channels]), kernel, geometry);
  return tf.reshape(y, [rows, outputs]);
}

/** Output channel c * m + q belongs to input channel c, as in TensorFlow's depthwise filters [kh, kw, C, m]. */
function byChannel(kernel: tf.Tensor, channels: number): tf.Tensor4D {
  const [kh = 1, kw = 1, , outputs = 1] = kernel.shape;
  return tf.reshape(kernel, [kh, kw, channels, outputs / channels]);
}

function padSpace(x: tf.Tensor, [top, bottom, left, right]: ConvGeometry["pads"]): tf.Tensor {
  return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
}

/**
 * TensorFlow's two named paddings cost no copy of the input; anything else is padded first,
 * because not every engine can differentiate a convolution with numeric padding.
 */
function namePadding(
  height: number,
  width: number,
  kernel: tf.Tensor,
  { stride, pads: [top, bottom, left, right] }: ConvGeometry,
): "valid" | "same" | "explicit" {
  if (top === 0 && bottom === 0 && left === 0 && right === 0) return "valid";
  const [kh = 1, kw = 1] = kernel.shape;
  const isSame =
    isSamePadding(height, kh, stride, top, bottom) && isSamePadding(width, kw, stride, left, right);
  return isSame ? "same" : "explicit";
}

/** A window smaller than its stride may need less than no padding, which the wasm engine's "same" gets wrong. */
function isSamePadding(size: number, k: number, stride: number, before: number, after: number) {
  const total = (Math.ceil(size / stride) - 1) * stride + k - size;
  return before === Math.floor(total / 2) && before + after === total;
}
