import fc from "fast-check";
import { it } from "vitest";
import { describeBackends, randomRuns } from "../../support/backends.ts";
import { convMoments } from "../../../runtime/primitives/conv-moments.ts";
import { conv, type ConvGeometry } from "../../../runtime/primitives/conv.ts";
import { dilatedConv } from "../../../runtime/primitives/dilated-conv.ts";
import { pixelCovariance } from "../../../runtime/primitives/pixel-covariance.ts";
import { pointwiseMoments } from "../../../runtime/primitives/pointwise-moments.ts";
import type { tf } from "../../../runtime/tensors.ts";
import { compareWithReference, toTensor } from "../../support/compare-with-reference.ts";
import { expectClose } from "../../support/expect-close.ts";
import { compute } from "../../support/compute.ts";
import { type Dense, randomDense } from "../../support/dense.ts";
import { referenceConv } from "../../support/reference-conv.ts";
import { referenceMoments } from "../../support/reference-normalization.ts";

const sides = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2));

/** Random sizes; `groups` runs from dense over grouped to depthwise with a multiplier. */
const convolutions = fc
  .record({
    groups: fc.constantFrom(1, 2, 3),
    inPerGroup: fc.integer({ min: 1, max: 3 }),
    outPerGroup: fc.integer({ min: 1, max: 3 }),
    kh: fc.integer({ min: 1, max: 4 }),
    kw: fc.integer({ min: 1, max: 4 }),
    extraHeight: fc.nat(4),
    extraWidth: fc.nat(4),
    batch: fc.integer({ min: 1, max: 2 }),
    stride: fc.integer({ min: 1, max: 4 }),
    pads: fc.oneof(fc.constant([0, 0, 0, 0]), fc.constant([1, 1, 1, 1]), sides),
  })
  .map((sizes) => {
    const channels = sizes.groups * sizes.inPerGroup;
    const pads = sizes.pads as unknown as ConvGeometry["pads"];
    return {
      input: [sizes.batch, sizes.kh + sizes.extraHeight, sizes.kw + sizes.extraWidth, channels],
      kernel: [sizes.kh, sizes.kw, sizes.inPerGroup, sizes.groups * sizes.outPerGroup],
      geometry: { stride: sizes.stride, pads, groups: sizes.groups },
    };
  });

const named: readonly [string, number[], number[], ConvGeometry][] = [
  ["3x3, padded", [2, 6, 5, 3], [3, 3, 3, 4], { stride: 1, pads: [1, 1, 1, 1], groups: 1 }],
  ["3x3, stride 2, even", [2, 6, 8, 3], [3, 3, 3, 2], { stride: 2, pads: [1, 1, 1, 1], groups: 1 }],
  ["3x3, stride 2, odd", [1, 7, 5, 2], [3, 3, 2, 2], { stride: 2, pads: [1, 1, 1, 1], groups: 1 }],
  ["1x1", [2, 4, 5, 3], [1, 1, 3, 4], { stride: 1, pads: [0, 0, 0, 0], groups: 1 }],
  ["1x1, stride 3", [1, 7, 8, 3], [1, 1, 3, 2], { stride: 3, pads: [0, 0, 0, 0], groups: 1 }],
  ["1x1 of rows", [4, 3], [1, 1, 3, 5], { stride: 1, pads: [0, 0, 0, 0], groups: 1 }],
  ["1x1 of rows, grouped", [4, 4], [1, 1, 2, 6], { stride: 1, pads: [0, 0, 0, 0], groups: 2 }],
  ["depthwise", [2, 5, 6, 3], [3, 3, 1, 3], { stride: 1, pads: [1, 1, 1, 1], groups: 3 }],
  ["depthwise x 2", [2, 5, 6, 3], [3, 3, 1, 6], { stride: 2, pads: [1, 1, 1, 1], groups: 3 }],
  ["grouped", [2, 5, 6, 4], [3, 3, 2, 6], { stride: 1, pads: [1, 1, 1, 1], groups: 2 }],
  ["whole tiles", [2, 5, 4, 4], [3, 3, 4, 8], { stride: 1, pads: [1, 1, 1, 1], groups: 1 }],
  ["tiles, stride 2", [2, 5, 6, 8], [3, 2, 8, 16], { stride: 2, pads: [1, 0, 1, 0], groups: 1 }],
  ["tiles, 1x1", [2, 4, 4, 8], [1, 1, 8, 8], { stride: 1, pads: [0, 0, 0, 0], groups: 1 }],
  ["1x5, padded", [1, 5, 6, 2], [1, 5, 2, 2], { stride: 1, pads: [0, 0, 2, 2], groups: 1 }],
];

function compareConv(input: number[], kernel: number[], geometry: ConvGeometry): Promise<void> {
  return compareWithReference({
    inputs: [randomDense(input, 1), randomDense(kernel, 2)],
    primitive: (x, k) => conv(x, k, geometry),
    reference: (x, k) => convolveRows(x, k, geometry),
  });
}

/** Rows [B, C] are images of one pixel. */
function convolveRows(x: Dense, kernel: Dense, geometry: ConvGeometry): Dense {
  if (x.shape.length === 4) return referenceConv(x, kernel, geometry);
  const [rows = 0, channels = 0] = x.shape;
  const y = referenceConv({ shape: [rows, 1, 1, channels], data: x.data }, kernel, geometry);
  return { shape: [rows, kernel.shape[3]!], data: y.data };
}

describeBackends("conv", () => {
  it.each(named)("%s", (_, input, kernel, geometry) => compareConv(input, kernel, geometry));

  it("equals its definition for any geometry", async () => {
    await fc.assert(
      fc.asyncProperty(convolutions, ({ input, kernel, geometry }) =>
        compareConv(input, kernel, geometry),
      ),
      { numRuns: randomRuns(40) },
    );
  });
});

describeBackends("dilatedConv", () => {
  const compare = (input: number[], kernel: number[], dilation: number, geometry: ConvGeometry) =>
    compareWithReference({
      inputs: [randomDense(input, 1), randomDense(kernel, 2)],
      primitive: (x, k) => dilatedConv(x, k, { ...geometry, dilation }),
      reference: (x, k) => referenceConv(x, k, { ...geometry, dilation }),
    });

  it.each([
    ["3x3, dilation 2", [2, 6, 8, 3], [3, 3, 3, 4], 2, { stride: 1, pads: [2, 2, 2, 2], groups: 1 }],
    ["uneven phases", [2, 5, 7, 3], [3, 3, 3, 2], 2, { stride: 1, pads: [2, 2, 2, 2], groups: 1 }],
    ["pads of no phase", [1, 6, 7, 2], [2, 3, 2, 3], 3, { stride: 1, pads: [1, 2, 4, 0], groups: 1 }],
    ["no padding", [2, 9, 8, 3], [3, 3, 3, 2], 3, { stride: 1, pads: [0, 0, 0, 0], groups: 1 }],
    ["depthwise", [2, 6, 6, 3], [3, 3, 1, 3], 2, { stride: 1, pads: [2, 2, 2, 2], groups: 3 }],
    ["depthwise x 2", [1, 7, 6, 2], [3, 3, 1, 4], 2, { stride: 1, pads: [2, 2, 2, 2], groups: 2 }],
    ["grouped", [1, 6, 6, 4], [3, 3, 2, 6], 2, { stride: 1, pads: [2, 2, 2, 2], groups: 2 }],
    ["stride as the dilation", [2, 7, 8, 3], [3, 3, 3, 2], 2, { stride: 2, pads: [2, 2, 2, 2], groups: 1 }],
    ["stride beyond it", [1, 9, 8, 2], [3, 3, 2, 2], 2, { stride: 4, pads: [2, 2, 2, 2], groups: 1 }],
    ["dilation beyond it", [1, 9, 12, 2], [3, 3, 2, 2], 4, { stride: 2, pads: [4, 4, 4, 4], groups: 1 }],
    ["nothing in common", [1, 8, 9, 2], [3, 3, 2, 2], 3, { stride: 2, pads: [3, 3, 3, 3], groups: 1 }],
    ["1x3", [1, 4, 8, 2], [1, 3, 2, 2], 2, { stride: 1, pads: [0, 0, 2, 2], groups: 1 }],
  ] as const satisfies readonly [string, number[], number[], number, ConvGeometry][])(
    "%s",
    (_, input, kernel, dilation, geometry) =>
      compare([...input], [...kernel], dilation, geometry as ConvGeometry),
  ); // prettier-ignore

  it("equals the convolution with zeros between the taps for any geometry", async () => {
    const dilations = fc.integer({ min: 2, max: 4 });
    await fc.assert(
      fc.asyncProperty(convolutions, dilations, ({ input, kernel, geometry }, dilation) => {
        const [batch = 1, height = 0, width = 0, channels = 1] = input;
        const [kh = 1, kw = 1] = kernel;
        const whole = [batch, height + (kh - 1) * dilation, width + (kw - 1) * dilation, channels];
        return compare(whole, kernel, dilation, geometry);
      }),
      { numRuns: randomRuns(15) },
    );
  });
});

describeBackends("convMoments", () => {
  const wanted = ["mean", "variance"] as const;
  const cases = named.flatMap((convolution) => wanted.map((name) => ({ convolution, name })));

  it.each(cases)("$convolution.0: $name", async ({ convolution, name }) => {
    const [, input, kernel, geometry] = convolution;
    await compareWithReference({
      inputs: [randomDense(input, 1), randomDense(kernel, 2)],
      primitive: (x, k) => convMoments(x, k, geometry)[name],
      reference: (x, k) => referenceMoments(convolveRows(x, k, geometry))[name],
    });
  });
});

describeBackends("pointwiseMoments of pixelCovariance", () => {
  const geometry: ConvGeometry = { stride: 1, pads: [0, 0, 0, 0], groups: 1 };
  const sizes = [
    { name: "maps", input: [2, 4, 5, 3], kernel: [1, 1, 3, 4] },
    { name: "rows", input: [4, 3], kernel: [1, 1, 3, 5] },
    { name: "tiles", input: [2, 4, 4, 8], kernel: [1, 1, 8, 8] },
  ];
  const wanted = ["mean", "variance"] as const;
  const momentsOf = (x: tf.Tensor, kernel: tf.Tensor) => {
    const { mean, covariance } = pixelCovariance(x);
    return pointwiseMoments(mean, covariance, kernel);
  };

  it.each(sizes.flatMap((size) => wanted.map((moment) => ({ ...size, moment }))))(
    "are those of the convolution: $name, $moment",
    async ({ input, kernel, moment }) => {
      await compareWithReference({
        inputs: [randomDense(input, 1), randomDense(kernel, 2)],
        primitive: (x, k) => momentsOf(x, k)[moment],
        reference: (x, k) => referenceMoments(convolveRows(x, k, geometry))[moment],
      });
    },
  );

  it("do not cancel where the input's mean is a thousand times its deviation", async () => {
    const [input, kernel] = [randomDense([4, 6, 6, 3], 1, 1000), randomDense([1, 1, 3, 4], 2)];
    const expected = referenceMoments(referenceConv(input, kernel, geometry));
    const [mean, variance] = await compute(() => {
      const found = momentsOf(toTensor(input), toTensor(kernel));
      return [found.mean, found.variance];
    });
    expectClose(mean!, expected.mean, 1e-6, "mean");
    expectClose(variance!, expected.variance, 1e-3, "variance");
  });
});
