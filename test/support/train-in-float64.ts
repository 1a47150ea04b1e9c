import { expect } from "vitest";
import { referenceStep, type BlockNumbers } from "../../cli/doctor/block-reference.ts";
import type { CompiledBlock } from "../../cli/doctor/probe-block.ts";
import { followed, momentum, rates } from "./train-block.ts";

/** A block's weights after so many steps of what `trainBlock` does, in float64. */
export function trainInFloat64(
  block: CompiledBlock,
  numbers: BlockNumbers,
  probe: Float64Array,
  steps: number,
): ReadonlyMap<string, Float64Array> {
  let weights = numbers.weights;
  const velocity = new Map<string, Float64Array>();
  for (let step = 0; step < steps; step++) {
    const { gradients, measured, margin } = referenceStep(block, { ...numbers, weights }, probe);
    // Nearer to a tie, float32 might round to the other side.
    expect(margin).toBeGreaterThan(1e-5);
    const next = new Map(weights);
    for (const { path, role } of block.program.weights) {
      const gradient = gradients.get(path);
      if (gradient === undefined) continue;
      const before = velocity.get(path) ?? new Float64Array(gradient.length);
      velocity.set(path, gradient.map((slope, i) => momentum * before[i]! + slope)); // prettier-ignore
      const rate = role === "step" ? rates.stepRate : rates.rate;
      next.set(path, weights.get(path)!.map((w, i) => w - rate * velocity.get(path)![i]!)); // prettier-ignore
    }
    for (const [path, { mean, variance, count }] of measured) {
      const follow = (name: string, now: Float64Array) => {
        const old = weights.get(`${path}.${name}`)!;
        next.set(`${path}.${name}`, old.map((w, i) => (1 - followed) * w + followed * now[i]!)); // prettier-ignore
      };
      follow("mean", mean);
      follow("variance", variance.map((biased) => (biased * count) / (count - 1))); // prettier-ignore
    }
    weights = next;
  }
  return weights;
}
