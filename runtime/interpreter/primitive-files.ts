import type { PrimitiveName } from "./primitives.ts";

/** Files that do not bear their primitive's name. */
const exceptions: Partial<Record<PrimitiveName, string>> = {
  add: "primitives/elementwise.ts",
  subtract: "primitives/elementwise.ts",
  multiply: "primitives/elementwise.ts",
  negate: "primitives/elementwise.ts",
  fixedStepQuantize: "quantizers/range-step.ts",
  foldKernel: "primitives/fold-windows.ts",
  followMean: "primitives/follow-statistics.ts",
  followRange: "quantizers/range-step.ts",
  followVariance: "primitives/follow-statistics.ts",
  learnedStepQuantize: "quantizers/learned-step-quantize.ts",
  leastErrorRange: "quantizers/least-error.ts",
  leastErrorStep: "quantizers/least-error.ts",
  lsqInitialStep: "quantizers/lsq.ts",
  rangeStep: "quantizers/range-step.ts",
  offsetLevels: "quantizers/lsq-plus.ts",
  offsetQuantize: "quantizers/lsq-plus.ts",
  stepOfRange: "quantizers/lsq-plus.ts",
  threeSigmaStep: "quantizers/lsq-plus.ts",
  quantizeLevels: "quantizers/lsq.ts",
};

/** The file, under `runtime/`, that exports a primitive: `scaleOut` is in `primitives/scale-out.ts`. */
export function primitiveFile(name: PrimitiveName): string {
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return exceptions[name] ?? `primitives/${kebab}.ts`;
}
