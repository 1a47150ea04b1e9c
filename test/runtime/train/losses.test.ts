import { it } from "vitest";
import { describeBackends } from "../../support/backends.ts";
import { tf } from "../../../runtime/tensors.ts";
import { createLoss } from "../../../runtime/train/losses/index.ts";
import { compareWithReference, toTensor } from "../../support/compare-with-reference.ts";
import { buildDense, randomDense, type Dense } from "../../support/dense.ts";

const labels = [2, 0, 4, 1];

/** By definition: -Σ target·log(softmax), mean over the batch. */
function referenceCrossEntropy(output: Dense, smoothing: number): Dense {
  const classes = 5;
  let loss = 0;
  labels.forEach((label, row) => {
    const logits = output.data.slice(row * classes, (row + 1) * classes);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    logits.forEach((logit, c) => {
      const target = smoothing / classes + (c === label ? 1 - smoothing : 0);
      loss -= (target * (logit - Math.log(total))) / labels.length;
    });
  });
  return buildDense([], () => loss);
}

describeBackends("losses", () => {
  it.each([0, 0.1])("softmax_cross_entropy with smoothing %d", async (smoothing) => {
    const loss = createLoss({ name: "softmax_cross_entropy", smoothing });
    const output = randomDense([4, 5], 1, 2);
    await compareWithReference({
      inputs: [output],
      primitive: (value) => loss.compute(value, tf.tensor1d(labels, "int32")),
      reference: (value) => referenceCrossEntropy(value, smoothing),
    });
  });

  it("mean_absolute_error", async () => {
    const loss = createLoss({ name: "mean_absolute_error" });
    const target = randomDense([2, 3, 3, 1], 2);
    await compareWithReference({
      inputs: [randomDense([2, 3, 3, 1], 1)],
      primitive: (value) => loss.compute(value, toTensor(target)),
      reference: (value) =>
        buildDense([], () =>
          value.data.reduce((sum, v, i) => sum + Math.abs(v - target.data[i]!) / 18, 0),
        ),
    });
  });
});
