import type { GraphSite } from "./graph-site.ts";
import type { OnnxBuilder } from "./onnx-builder.ts";

/**
 * Where the steps of quantized operands stand in the file.
 *
 * `after-sum` (the default): DequantizeLinear has scale 1, so that the convolution adds integers, which float32 does without rounding in any
 * order up to 2^24; then come `Mul` by fl(step_x·step_k[o]) and `Add` of the bias. Every engine and every optimization level gives the bits
 * that training saw.
 *
 * `in-dequantize`: DequantizeLinear has the steps, the form that compilers for accelerators look for. Its meaning is not exact: executed as
 * written, the convolution adds rounded products, in the engine's order; fused into an integer convolution, the sum is scaled to the next
 * quantizer's step in one multiplication, and the bias is rounded to a multiple of step_x·step_k[o]. The two differ from each other, hence
 * no training graph can agree with both (unless steps are powers of two and sums short). Measured in onnxruntime 1.30 on a classifier of nine
 * convolutions, 20,000 output values: 64 to 72 % differ in some bit at level `disabled`, 76 to 99.9 % at `basic` and above, by up to 0.15
 * where outputs are around 1; of the form `after-sum` none at any level.
 */
export type Scales = "after-sum" | "in-dequantize";

/** What every row knows. */
export interface OnnxContext {
  readonly onnx: OnnxBuilder;
  readonly scales: Scales;
  readonly inputName: string;
}

/** What a row may know besides its arguments. */
export type OnnxSite = GraphSite & OnnxContext;
