import type { Crew } from "../crew.ts";
import { acceptBiasViews } from "./bias-views.ts";
import { convFilterGradient } from "./conv-filter-gradient.ts";
import { convInputGradient } from "./conv-input-gradient.ts";
import { depthwiseFilterGradient } from "./depthwise-filter-gradient.ts";
import { depthwiseInputGradient } from "./depthwise-input-gradient.ts";
import { registerSharingIdentity } from "./identity.ts";
import { preferKernel, registerKernel } from "./register-kernel.ts";
import { registerDirectSlice } from "./slice.ts";
import { sumLeadingAxes } from "./sum.ts";
import { multiplyTransposed } from "./transposed-product.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

let crew: Crew | undefined;
let isRegistered = false;

/**
 * Adds the kernels that training needs and the wasm engine lacks, and replaces some that are slow there.
 * All keep TensorFlow's names and meaning, so every user of the engine in this process profits.
 * @param available our own functions for the engine that runs now, where its memory can be shared
 */
export function registerKernels(available: Crew | undefined): void {
  crew = available;
  if (isRegistered) return;
  isRegistered = true;
  registerSharingIdentity();
  acceptBiasViews();
  registerDirectSlice();
  registerKernel("Conv2DBackpropFilter", (call) => convFilterGradient(call, crew));
  registerKernel("Conv2DBackpropInput", convInputGradient);
  registerKernel("DepthwiseConv2dNativeBackpropFilter", depthwiseFilterGradient);
  registerKernel("DepthwiseConv2dNativeBackpropInput", depthwiseInputGradient);
  preferKernel("BatchMatMul", (call) => multiplyTransposed(call, crew));
  preferKernel("Sum", sumLeadingAxes);
  registerKernel("UnsortedSegmentSum", unsortedSegmentSum);
}
