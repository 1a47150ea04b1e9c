import { describe, expect, it } from "vitest";
import { describeBackends } from "../../support/backends.ts";
import { addChannels } from "../../../runtime/primitives/add-channels.ts";
import { prelu } from "../../../runtime/primitives/prelu.ts";
import { relu } from "../../../runtime/primitives/relu.ts";
import { scaleChannels } from "../../../runtime/primitives/scale-channels.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compareWithReference } from "../../support/compare-with-reference.ts";
import { numbersOf } from "../../support/compute.ts";
import { buildDense, randomDense } from "../../support/dense.ts";

describeBackends("elementwise primitives", () => {
  describe.each([[[2, 3, 4, 5]], [[3, 5]], [[5]]])("of shape %j", (shape) => {
    const inputs = [randomDense(shape, 1), randomDense([5], 2)];

    it("addChannels", async () => {
      await compareWithReference({
        inputs,
        primitive: (x, vector) => addChannels(x, vector),
        reference: (x, vector) => buildDense(shape, (i, c) => x.data[i]! + vector.data[c]!),
      });
    });

    it("scaleChannels", async () => {
      await compareWithReference({
        inputs,
        primitive: (x, vector) => scaleChannels(x, vector),
        reference: (x, vector) => buildDense(shape, (i, c) => x.data[i]! * vector.data[c]!),
      });
    });

    it("relu", async () => {
      await compareWithReference({
        inputs: inputs.slice(0, 1),
        primitive: (x) => relu(x),
        reference: (x) => buildDense(shape, (i) => Math.max(x.data[i]!, 0)),
      });
    });

    it("prelu", async () => {
      await compareWithReference({
        inputs,
        primitive: (x, alpha) => prelu(x, alpha),
        reference: (x, alpha) =>
          buildDense(shape, (i, c) => x.data[i]! * (x.data[i]! > 0 ? 1 : alpha.data[c]!)),
      });
    });
  });

  it("passes no gradient at zero, as PyTorch does", async () => {
    const gradient = () => tf.grad((x) => relu(x))(tf.tensor1d([-1, 0, 1]));
    expect(await numbersOf(gradient)).toEqual([0, 0, 1]);
  });
});
