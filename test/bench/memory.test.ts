import { expect, it } from "vitest";
import { slopeOf } from "../../bench/memory/growth.ts";
import { sampler } from "../../bench/memory/sample.ts";
import { sampleTraining } from "../../bench/memory/sampled-training.ts";
import { compileSpec } from "../../bench/verdicts/compile-spec.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { tinyDataset } from "../runtime/train/tiny-program.ts";

it("the slope of a line is its own, and noise around it changes it little", () => {
  const line = [0, 1, 2, 5].map((x) => [x, 3 - 2 * x] as const);
  expect(slopeOf(line)).toBeCloseTo(-2, 12);
  const noisy = [0, 1, 2, 3].map((x) => [x, x + (x % 2 === 0 ? 0.1 : -0.1)] as const);
  expect(slopeOf(noisy)).toBeCloseTo(1 - 0.04, 12);
  expect(slopeOf([[1, 1]])).toBeNaN();
});

it("a training holds as much after every epoch, checkpoint and line of metrics", async () => {
  const { memory } = await openBackend("wasm", { threads: 1 });
  const program = compileSpec({
    spec: "bench/memory/memory.repq",
    entry: "TinyDBB",
    policy: { call: "RepQ(4)", spec: "repq:quant/uniform" },
    shape: [6, 6, 1],
  });
  const data = { training: tinyDataset(32), test: tinyDataset(8, 2) };
  const before = tf.memory().numTensors;
  const takeSample = sampler(memory);
  const samples = await sampleTraining({ program, data, steps: 30, sampleEvery: 3, takeSample });
  expect(samples.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
  for (const key of ["tensors", "tensorBytes", "engineBytes"] as const) {
    const found = new Set(samples.map((sample) => sample[key]));
    expect([...found], key).toHaveLength(1);
    expect([...found][0], key).toBeGreaterThan(0);
  }
  expect(samples[0]!.heapBytes).toBeGreaterThan(samples[0]!.tensorBytes);
  expect(tf.memory().numTensors).toBe(before);
});
