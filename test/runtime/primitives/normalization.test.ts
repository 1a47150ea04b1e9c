import { describe, expect, it } from "vitest";
import { currentBackend, describeBackends } from "../../support/backends.ts";
import { batchNorm } from "../../../runtime/primitives/batch-norm.ts";
import { moments } from "../../../runtime/primitives/moments.ts";
import { normalize } from "../../../runtime/primitives/normalize.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compareWithReference, toTensor } from "../../support/compare-with-reference.ts";
import { expectClose } from "../../support/expect-close.ts";
import { compute } from "../../support/compute.ts";
import { buildDense, type Dense, randomDense } from "../../support/dense.ts";
import { referenceMoments, referenceNormalize } from "../../support/reference-normalization.ts";

const epsilon = 1e-3;
const shapes: readonly (readonly [string, number[]])[] = [
  ["maps", [2, 4, 3, 5]],
  ["rows", [6, 4]],
];

/** Whether element `index` of maps lies inside after `sides` rows and columns are cut off. */
function isInterior(shape: number[], [top, bottom, left, right]: readonly number[], index: number) {
  const [, height = 0, width = 0, channels = 0] = shape;
  const column = Math.floor(index / channels) % width;
  const row = Math.floor(index / (channels * width)) % height;
  return row >= top! && row < height - bottom! && column >= left! && column < width - right!;
}

describeBackends("normalization", () => {
  describe.each(shapes)("of %s", (_, shape) => {
    const channels = shape[shape.length - 1]!;
    const x = randomDense(shape, 1, 0.5);
    const gamma = randomDense([channels], 2, 1);
    const beta = randomDense([channels], 3);

    it.each(["mean", "variance"] as const)("moments: %s", async (name) => {
      await compareWithReference({
        inputs: [x],
        primitive: (x) => moments(x)[name],
        reference: (x) => referenceMoments(x)[name],
      });
    });

    it("moments: both in one loss", async () => {
      await compareWithReference({
        inputs: [x],
        primitive: (x) => {
          const { mean, variance } = moments(x);
          return tf.mul(mean, variance);
        },
        reference: (x) => {
          const { mean, variance } = referenceMoments(x);
          return buildDense([channels], (i) => mean.data[i]! * variance.data[i]!);
        },
      });
    });

    it("normalize", async () => {
      await compareWithReference({
        inputs: [x, randomDense([channels], 4), randomDense([channels], 5, 1.5), gamma, beta],
        primitive: (x, mean, variance, gamma, beta) =>
          normalize(x, mean!, variance!, gamma!, beta!, epsilon),
        reference: (x, mean, variance, gamma, beta) =>
          referenceNormalize(x, mean, variance, gamma, beta, epsilon),
      });
    });

    it("batchNorm", async () => {
      await compareWithReference(
        {
          inputs: [x, gamma, beta],
          primitive: (x, gamma, beta) => batchNorm(x, gamma, beta, epsilon).y,
          reference: (x, gamma, beta) => normalizeByOwn(x, gamma, beta),
        },
        2.5 * currentBackend().tolerance,
      );
    });

    it("batchNorm gives the statistics it used, with gradients too", async () => {
      await compareWithReference({
        inputs: [x, gamma, beta],
        primitive: (x, gamma, beta) => {
          const { y, mean, variance } = batchNorm(x, gamma, beta, epsilon);
          return tf.add(y, tf.mul(mean, variance));
        },
        reference: (x, gamma, beta) => {
          const y = normalizeByOwn(x, gamma, beta);
          const { mean, variance } = referenceMoments(x);
          return buildDense(shape, (i, c) => y.data[i]! + mean.data[c]! * variance.data[c]!);
        },
      });
    });
  });

  it("batchNorm takes its statistics from the interior alone", async () => {
    const shape = [2, 5, 6, 2];
    const sides = [1, 0, 2, 1] as const;
    await compareWithReference(
      {
        inputs: [randomDense(shape, 1), randomDense([2], 2, 1), randomDense([2], 3)],
        primitive: (x, gamma, beta) => batchNorm(x, gamma, beta, epsilon, sides).y,
        reference: (x, gamma, beta) =>
          normalizeByOwn(x, gamma, beta, (index) => isInterior(shape, sides, index)),
      },
      2.5 * currentBackend().tolerance,
    );
  });

  it.each([100, 1000])("keeps its digits where the mean is %d deviations", async (centre) => {
    const x = randomDense([8, 6, 6, 2], 1, centre);
    const expected = referenceMoments(x);
    const [mean, variance, ofOutput] = await compute(() => {
      const found = moments(toTensor(x));
      const y = batchNorm(toTensor(x), tf.ones([2]), tf.zeros([2]), epsilon).y;
      return [found.mean, found.variance, tf.abs(tf.mean(y))];
    });
    expectClose(mean!, expected.mean, 1e-6, "mean");
    expectClose(variance!, expected.variance, 1e-4, "variance");
    expect(ofOutput!.data[0]).toBeLessThan(centre * 1e-6);
  });
});

function normalizeByOwn(
  x: Dense,
  gamma: Dense,
  beta: Dense,
  counts?: (index: number) => boolean,
): Dense {
  const { mean, variance } = referenceMoments(x, counts);
  return referenceNormalize(x, mean, variance, gamma, beta, epsilon);
}
