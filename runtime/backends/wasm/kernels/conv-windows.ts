import { tf } from "../../../tensors.ts";

/** Sizes of a two-dimensional convolution as TensorFlow.js computes them. */
export type ConvWindows = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

type FourSizes = [number, number, number, number];
type Attributes = Readonly<Record<string, unknown>>;

/** The windows of a convolution over `input` with `filter`, from the attributes of one of its kernels. */
export function readConvWindows(
  input: readonly number[],
  filter: readonly number[],
  attributes: Attributes,
  isDepthwise: boolean,
): ConvWindows {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attributes as {
    strides: number | [number, number];
    dilations?: number | [number, number];
    pad: "same" | "valid" | number;
    dimRoundingMode?: "floor" | "round" | "ceil";
    dataFormat?: "NHWC" | "NCHW";
  };
  return tf.backend_util.computeConv2DInfo(
    input as FourSizes,
    filter as FourSizes,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
    tf.backend_util.convertConv2DDataFormat(dataFormat ?? "NHWC"),
  );
}

/** How far a filter reaches, dilation included. */
export function measureReach(windows: ConvWindows): { height: number; width: number } {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = windows;
  return {
    height: (filterHeight - 1) * dilationHeight + 1,
    width: (filterWidth - 1) * dilationWidth + 1,
  };
}
