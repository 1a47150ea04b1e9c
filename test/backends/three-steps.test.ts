/** Quantization-aware training of a block, step by step against float64 on every backend; and that no step leaves a tensor behind. */
import { expect, it } from "vitest";
import { tf } from "../../runtime/tensors.ts";
import { currentBackend, describeBackends } from "../support/backends.ts";
import { expectClose } from "../support/expect-close.ts";
import { probeTraining } from "../support/probe-training.ts";
import { trainBlock } from "../support/train-block.ts";
import { trainInFloat64 } from "../support/train-in-float64.ts";

const { block, numbers, probe, training } = probeTraining();

describeBackends("quantization-aware training", () => {
  it("after three steps every weight, step and statistic is where float64 puts it", async () => {
    const before = tf.memory().numTensors;
    const { trained, alive } = await trainBlock({ ...training, steps: 3 });
    const expected = trainInFloat64(block, numbers, probe, 3);
    for (const { path, shape } of block.program.weights) {
      const wanted = { shape, data: expected.get(path)! };
      // A normalization's gradient is a small difference of large sums.
      expectClose(trained.get(path)!, wanted, 5 * currentBackend().tolerance, path);
      expect(wanted.data, `${path} has moved`).not.toEqual(numbers.weights.get(path));
    }
    expect(new Set(alive.map(({ tensors }) => tensors)).size, "tensors from step to step").toBe(1);
    expect(new Set(alive.map(({ bytes }) => bytes)).size, "bytes from step to step").toBe(1);
    expect(tf.memory().numTensors, "tensors left over").toBe(before);
  });

  it("has the same bits twice", async () => {
    const twice = { ...training, steps: 2 };
    const [first, again] = [await trainBlock(twice), await trainBlock(twice)];
    expect(first.trained).toEqual(again.trained);
  });
});
