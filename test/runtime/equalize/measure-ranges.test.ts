import { expect, it } from "vitest";
import { measureRanges } from "../../../runtime/equalize/measure-ranges.ts";
import { Random } from "../../../runtime/random.ts";
import { compileModel } from "../../import/compile-model.ts";
import { describeBackends } from "../../support/backends.ts";

const text = `model Net {
  input image: image[40, 30, 3]
  output image -> relu
}`;

describeBackends("ranges", () => {
  it("are what all but one in a thousand stay within, in the mean over the batches", async () => {
    const { deploy } = compileModel("net.repq", "Net", { text }).program;
    const random = Random.fromSeed(4);
    const batches = [2, 1].map((count) => {
      const inputs = Float32Array.from({ length: count * 3600 }, (_, index) => {
        return [10, 1, 0][index % 3]! * Math.abs(random.normal(0, 1));
      });
      return { inputs, inputShape: [40, 30, 3], count };
    });
    const value = deploy.outputs["output"]!;
    const found = await measureRanges(deploy, [value], new Map(), read(batches));
    const expected = [0, 1, 2].map((channel) => {
      const each = batches.map(({ inputs, count }) => {
        const own = inputs.filter((_, index) => index % 3 === channel).toSorted((a, b) => b - a);
        return own[count === 2 ? 2 : 1]!;
      });
      return (each[0]! + each[1]!) / 2;
    });
    [...found.get(value)!].forEach((range, channel) =>
      expect(range).toBeCloseTo(expected[channel]!, 5),
    );
  });
});

async function* read<T>(all: readonly T[]) {
  yield* all;
}
