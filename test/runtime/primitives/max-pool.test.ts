import { expect, it } from "vitest";
import { describeBackends } from "../../support/backends.ts";
import { maxPool } from "../../../runtime/primitives/max-pool.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compareWithReference } from "../../support/compare-with-reference.ts";
import { numbersOfAll } from "../../support/compute.ts";
import { randomDense } from "../../support/dense.ts";
import { referenceMaxPool, type PoolWindow } from "../../support/reference-max-pool.ts";

const centred = (height: number, width: number, stride: number): PoolWindow => {
  const [top, left] = [(height - 1) >> 1, (width - 1) >> 1];
  return { size: [height, width], stride, pads: [top, height - 1 - top, left, width - 1 - left] };
};

const windows: readonly PoolWindow[] = [
  centred(3, 3, 2),
  centred(3, 3, 1),
  centred(3, 3, 3),
  centred(2, 2, 2),
  centred(5, 2, 3),
  centred(1, 4, 1),
  centred(1, 1, 2),
  centred(2, 2, 4),
  centred(9, 9, 1),
  { size: [3, 2], stride: 2, pads: [0, 0, 0, 0] },
  { size: [2, 3], stride: 1, pads: [1, 0, 0, 2] },
];

const describeWindow = ({ size, stride, pads }: PoolWindow) =>
  `${size.join("x")}, stride ${stride}, pads ${pads.join()}`;

describeBackends("maxPool", () => {
  it.each(windows.map((window) => [describeWindow(window), window] as const))(
    "%s",
    async (_, window) => {
      const { size, stride, pads } = window;
      await compareWithReference({
        inputs: [randomDense([2, 6, 5, 3], 1, -2)],
        primitive: (x) => maxPool(x, size, stride, pads),
        reference: (x) => referenceMaxPool(x, window),
      });
    },
  );

  it("gives all of the gradient to the first of equal numbers, row by row", async () => {
    const [pooled, gradient] = await numbersOfAll(() => {
      const x = tf.tensor([0, 1, 0, 1, 1, 0, 1, 0, 0], [1, 3, 3, 1]);
      const pool = (map: tf.Tensor) => maxPool(map, [2, 3], 1, [0, 0, 0, 0]);
      const slope = tf.grad((map) => tf.sum(tf.mul(pool(map), tf.tensor([3, 5], [1, 2, 1, 1]))));
      return [pool(x), slope(x)];
    });
    expect(pooled).toEqual([1, 1]);
    expect(gradient).toEqual([0, 3, 0, 5, 0, 0, 0, 0, 0]);
  });
});
