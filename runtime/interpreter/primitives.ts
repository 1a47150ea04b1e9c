import { addChannels } from "../primitives/add-channels.ts";
import { batchNorm } from "../primitives/batch-norm.ts";
import { carry } from "../primitives/carry.ts";
import { composeKernels } from "../primitives/compose-kernels.ts";
import { convMoments } from "../primitives/conv-moments.ts";
import { conv } from "../primitives/conv.ts";
import { cropMap } from "../primitives/crop-map.ts";
import { depthToSpace } from "../primitives/depth-to-space.ts";
import { dequantize } from "../primitives/dequantize.ts";
import { detach } from "../primitives/detach.ts";
import { dilateKernel } from "../primitives/dilate-kernel.ts";
import { dilatedConv } from "../primitives/dilated-conv.ts";
import { add, multiply, negate, subtract } from "../primitives/elementwise.ts";
import { embedKernel } from "../primitives/embed-kernel.ts";
import { estimatedMoments } from "../primitives/estimated-moments.ts";
import { fillVector } from "../primitives/fill-vector.ts";
import { firstImages } from "../primitives/first-images.ts";
import { foldKernel } from "../primitives/fold-windows.ts";
import { fixedKernel } from "../primitives/fixed-kernel.ts";
import { flipKernel } from "../primitives/flip-kernel.ts";
import { followMean, followVariance } from "../primitives/follow-statistics.ts";
import { globalAverage } from "../primitives/global-average.ts";
import { identityKernel } from "../primitives/identity-kernel.ts";
import { joinChannels } from "../primitives/join-channels.ts";
import { maxPool } from "../primitives/max-pool.ts";
import { mixKernels } from "../primitives/mix-kernels.ts";
import { moments } from "../primitives/moments.ts";
import { normalize } from "../primitives/normalize.ts";
import { padMap } from "../primitives/pad-map.ts";
import { pixelCovariance } from "../primitives/pixel-covariance.ts";
import { pointwiseMoments } from "../primitives/pointwise-moments.ts";
import { prelu } from "../primitives/prelu.ts";
import { quantizedConv } from "../primitives/quantized-conv.ts";
import { quantizedGlobalAverage } from "../primitives/quantized-global-average.ts";
import { reciprocalRoot } from "../primitives/reciprocal-root.ts";
import { regroupKernel } from "../primitives/regroup-kernel.ts";
import { relu } from "../primitives/relu.ts";
import { sampleLattice } from "../primitives/sample-lattice.ts";
import { scaleChannels } from "../primitives/scale-channels.ts";
import { scaleIn } from "../primitives/scale-in.ts";
import { scaleOut } from "../primitives/scale-out.ts";
import { selectKernel } from "../primitives/select-kernel.ts";
import { sliceChannels } from "../primitives/slice-channels.ts";
import { spreadKernel } from "../primitives/spread-kernel.ts";
import { tileChannels } from "../primitives/tile-channels.ts";
import { fixedStepQuantize, followRange, rangeStep } from "../quantizers/range-step.ts";
import { learnedStepQuantize } from "../quantizers/learned-step-quantize.ts";
import {
  offsetLevels,
  offsetQuantize,
  stepOfRange,
  threeSigmaStep,
} from "../quantizers/lsq-plus.ts";
import { leastErrorRange, leastErrorStep } from "../quantizers/least-error.ts";
import { lsqInitialStep, quantizeLevels } from "../quantizers/lsq.ts";

/** Every function that a plan may call, by name. `primitive-files.ts` says where each is. */
export const primitives = {
  add,
  addChannels,
  batchNorm,
  carry,
  composeKernels,
  conv,
  convMoments,
  cropMap,
  depthToSpace,
  dequantize,
  detach,
  dilateKernel,
  dilatedConv,
  embedKernel,
  estimatedMoments,
  fillVector,
  firstImages,
  fixedKernel,
  fixedStepQuantize,
  flipKernel,
  foldKernel,
  followMean,
  followRange,
  followVariance,
  globalAverage,
  identityKernel,
  joinChannels,
  learnedStepQuantize,
  leastErrorRange,
  leastErrorStep,
  lsqInitialStep,
  maxPool,
  mixKernels,
  moments,
  multiply,
  negate,
  normalize,
  offsetLevels,
  offsetQuantize,
  padMap,
  pixelCovariance,
  pointwiseMoments,
  prelu,
  quantizedConv,
  quantizedGlobalAverage,
  quantizeLevels,
  rangeStep,
  reciprocalRoot,
  regroupKernel,
  relu,
  sampleLattice,
  scaleChannels,
  scaleIn,
  scaleOut,
  selectKernel,
  sliceChannels,
  spreadKernel,
  stepOfRange,
  subtract,
  threeSigmaStep,
  tileChannels,
} as const;

export type PrimitiveName = keyof typeof primitives;
