import { expect, test } from "vitest";
import { batches, classificationExamples, packedDataset } from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import { copyPass } from "./copy-pass.ts";

const dataset = packedDataset({
  name: "numbered",
  source: "this test",
  shape: [2, 2, 3],
  classes: ["a", "b"],
  pixels: Uint8Array.from({ length: 7 * 12 }, (_, i) => (i * 11) % 256),
  labels: Uint8Array.from({ length: 7 }, (_, i) => i % 2),
});
const options = { batch: 3, random: Random.fromSeed(5), shuffle: true };

test("examples of a dataset are its batches, to the bit", async () => {
  const augment = { flip: true, shift: 1 };
  const found = await copyPass(classificationExamples(dataset, { augment }), {
    ...options,
    first: 1,
  });
  const expected: unknown[] = [];
  for await (const batch of batches(dataset, { ...options, augment, first: 1 })) {
    const inputs = [...batch.images];
    const shapes = { inputShape: [2, 2, 3], targetShape: [] };
    expected.push({
      number: batch.number,
      count: batch.labels.length,
      inputs,
      targets: [...batch.labels],
      ...shapes,
    });
  }
  expect(found).toEqual(expected);
  expect(found.map(({ count }) => count)).toEqual([3, 1]);
});

test("normalized ones are (x - mean) / deviation of each channel", async () => {
  const normalize = { mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 2] };
  const plain = await copyPass(classificationExamples(dataset), options);
  const normalized = await copyPass(classificationExamples(dataset, { normalize }), options);
  const expected = plain.flatMap(({ inputs }) =>
    inputs.map((x, i) => Math.fround((x - normalize.mean[i % 3]!) / normalize.deviation[i % 3]!)),
  );
  normalized
    .flatMap(({ inputs }) => inputs)
    .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
});

test("a normalization that does not fit is refused", () => {
  const make = (mean: number[], deviation: number[]) => () =>
    classificationExamples(dataset, { normalize: { mean, deviation } });
  expect(make([0], [1])).toThrow("Images of 3 channels need as many means");
  expect(make([0, 0, 0], [1, 0, 1])).toThrow("deviations are numbers above 0");
});
