import { expect, it } from "vitest";
import type { Attribute } from "../../../compiler/ir/graph.ts";
import { currentBackend, describeBackends } from "../../support/backends.ts";
import { execute } from "../../../runtime/execute.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compareWithReference, toTensor } from "../../support/compare-with-reference.ts";
import { expectClose } from "../../support/expect-close.ts";
import { compute, numbersOfAll } from "../../support/compute.ts";
import { buildDense, randomDense, type Dense } from "../../support/dense.ts";
import { referenceConv } from "../../support/reference-conv.ts";
import { referenceMoments } from "../../support/reference-normalization.ts";
import { GraphBuilder } from "./graph-builder.ts";

const geometry = { stride: 2, pads: [1, 1, 0, 1], groups: 1 } as const;
const x = randomDense([4, 5, 4, 3], 1, 0.5);
const kernel = randomDense([3, 2, 3, 2], 2);
const running = { mean: randomDense([2], 3), variance: randomDense([2], 4, 2) };

/** mean and variance side by side, [2 + 2], of conv(x, K) by provider `mode`. */
function statisticsGraph(attributes: Readonly<Record<string, Attribute>>) {
  const builder = new GraphBuilder();
  const args = [
    builder.input(5, 4, 3),
    builder.kernel("kernel", [3, 2, 3, 2]),
    builder.vector("mean", 2),
    builder.vector("variance", 2),
  ];
  const path = { path: "dense.1", momentum: 0.25, ...geometry };
  const [mean, variance] = builder.ops("statistics", args, { ...path, ...attributes });
  return builder.graph({ mean: mean!, variance: variance! });
}

function run(attributes: Readonly<Record<string, Attribute>>, input: tf.Tensor, k: tf.Tensor) {
  const [mean, variance] = [toTensor(running.mean), toTensor(running.variance)];
  const weights = (path: string) => ({ kernel: k, mean, variance })[path]!;
  return execute(statisticsGraph(attributes), { mode: "train", input, weights });
}

const beside = ({ mean, variance }: { mean: Dense; variance: Dense }): Dense =>
  buildDense([4], (i) => (i < 2 ? mean.data[i]! : variance.data[i - 2]!));

const modes = {
  batch: {
    attributes: { mode: "batch" },
    reference: (value: Dense, k: Dense) =>
      beside(referenceMoments(referenceConv(value, k, geometry))),
  },
  sampled: {
    attributes: { mode: "sampled", images: 0.5 },
    reference: (value: Dense, k: Dense) => {
      const half = buildDense([2, 5, 4, 3], (i) => value.data[i]!);
      return beside(referenceMoments(referenceConv(half, k, geometry)));
    },
  },
  estimated: {
    attributes: { mode: "estimated" },
    reference: (value: Dense, k: Dense) => {
      const { mean, variance } = referenceMoments(value);
      const total = (v: Dense, power: number) =>
        buildDense([2], (o) => {
          let sum = 0;
          for (let tap = 0; tap < 18; tap++)
            sum += v.data[tap % 3]! * k.data[tap * 2 + o]! ** power;
          return sum;
        });
      return beside({ mean: total(mean, 1), variance: total(variance, 2) });
    },
  },
} as const;

describeBackends("statistics", () => {
  it.each(Object.entries(modes))("%s has the defined value and gradient", async (_, mode) => {
    await compareWithReference({
      inputs: [x, kernel],
      primitive: (input, k) => {
        const { outputs } = run(mode.attributes, input, k);
        return tf.concat([outputs["mean"]!, outputs["variance"]!]);
      },
      reference: mode.reference,
    });
  });

  it("moves the running statistics by momentum, the variance without bias", async () => {
    const before = tf.memory().numTensors;
    const updated = await compute(() => {
      const { updates } = run({ mode: "batch" }, toTensor(x), toTensor(kernel));
      return [updates.get("mean")!, updates.get("variance")!];
    });
    expect(tf.memory().numTensors).toBe(before);
    const y = referenceConv(x, kernel, geometry);
    const { mean, variance } = referenceMoments(y);
    const count = y.data.length / 2;
    const follow = (old: Dense, now: Dense, factor: number) =>
      buildDense([2], (i) => 0.75 * old.data[i]! + 0.25 * factor * now.data[i]!);
    const expected = {
      mean: follow(running.mean, mean, 1),
      variance: follow(running.variance, variance, count / (count - 1)),
    };
    const tolerance = currentBackend().tolerance / 2;
    expectClose(updated[0]!, expected.mean, tolerance, "mean");
    expectClose(updated[1]!, expected.variance, tolerance, "variance");
  });

  it.each([
    ["running", 2],
    ["frozen", 0],
  ])("%s yields the running statistics and %d updates", async (mode, count) => {
    const [mean, variance] = await numbersOfAll(() => {
      const { outputs, updates } = run({ mode }, toTensor(x), toTensor(kernel));
      expect(updates.size).toBe(count);
      return [outputs["mean"]!, outputs["variance"]!];
    });
    expect(mean).toEqual([...running.mean.data]);
    expect(variance).toEqual([...running.variance.data]);
  });
});
