import fc from "fast-check";

const layerKinds = [
  "conv",
  "residual",
  "difference",
  "prelu",
  "affine",
  "negate",
  "pad",
  "crop",
  "tile",
  "depth_to_space",
  "max_pool",
  "slice",
  "concat",
] as const;

type LayerKind = (typeof layerKinds)[number];

export interface Layer {
  readonly kind: LayerKind;
  readonly size: 1 | 2 | 3;
  readonly stride: 1 | 2 | 3;
  readonly dilation: 1 | 2 | 3;
  readonly grouping: "one" | "two" | "depthwise";
  readonly hasBias: boolean;
  readonly isRectified: boolean;
  /** One step for the whole kernel instead of one per output channel. */
  readonly isPerTensor: boolean;
  readonly widen: 1 | 2;
}

export interface Choice {
  readonly seed: number;
  readonly inputBits: number;
  readonly kernelBits: number;
  /** Weights and steps with few bits, so that many quotients lie on rounding ties. */
  readonly isDyadic: boolean;
  readonly hasHead: boolean;
  /** Signed quantizers even behind a ReLU. */
  readonly isSigned: boolean;
  readonly layers: readonly Layer[];
  /** Which operands of convolutions are quantized; the mean's operand is with the input. */
  readonly quantizes?: "both" | "input" | "kernel" | "none";
}

/** A 3x3 convolution with bias and ReLU. */
export const plainLayer: Layer = {
  kind: "conv",
  size: 3,
  stride: 1,
  dilation: 1,
  grouping: "one",
  hasBias: true,
  isRectified: true,
  isPerTensor: false,
  widen: 1,
};

/** Every kind of layer, and every kind of group. */
export const everyLayer: readonly Layer[] = [
  { ...plainLayer, widen: 2 },
  { ...plainLayer, kind: "residual", grouping: "depthwise", isRectified: false },
  { ...plainLayer, kind: "prelu" },
  { ...plainLayer, kind: "depth_to_space" },
  { ...plainLayer, kind: "pad" },
  { ...plainLayer, size: 2, stride: 2, grouping: "two", isPerTensor: true },
  { ...plainLayer, dilation: 2 },
  { ...plainLayer, dilation: 3, grouping: "depthwise" },
  { ...plainLayer, kind: "crop" },
  { ...plainLayer, kind: "affine" },
  { ...plainLayer, kind: "tile" },
  { ...plainLayer, kind: "difference", hasBias: false },
  { ...plainLayer, kind: "negate" },
  { ...plainLayer, kind: "slice" },
  { ...plainLayer, kind: "concat" },
  { ...plainLayer, kind: "max_pool", size: 2 },
  plainLayer,
  { ...plainLayer, kind: "max_pool", size: 3, stride: 2 },
];

const layer: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constantFrom<LayerKind[]>("conv", "conv", "conv", ...layerKinds),
  size: fc.constantFrom(1, 2, 3),
  stride: fc.constantFrom(1, 1, 2, 3),
  dilation: fc.constantFrom(1, 1, 1, 2, 3),
  grouping: fc.constantFrom("one", "two", "depthwise"),
  hasBias: fc.boolean(),
  isRectified: fc.boolean(),
  isPerTensor: fc.boolean(),
  widen: fc.constantFrom(1, 2),
});

/** Recipes of random deployed networks. */
export function choices(): fc.Arbitrary<Choice> {
  return fc.record({
    seed: fc.nat(),
    inputBits: fc.integer({ min: 2, max: 8 }),
    kernelBits: fc.integer({ min: 2, max: 8 }),
    isDyadic: fc.boolean(),
    hasHead: fc.boolean(),
    isSigned: fc.boolean(),
    layers: fc.array(layer, { minLength: 1, maxLength: 5 }),
  });
}
