/** What branches over the same value have in common is computed once. */
import { expect, it } from "vitest";
import { makePlan } from "../../../runtime/interpreter/make-plan.ts";
import { compilePolicy } from "../../support/compile-policy.ts";

const policies = ["batch", "sampled(images: 0.5)", "estimated", "batch(gradient: false)"];
const nameOf = (index: number) => `Mode${index}`;
const text = `
block Mine => conv(3x3) {
  branch a = conv(3x3) -> bn
  branch b = conv(3x3) -> bn
  branch c = conv(1x1) -> bn
  branch d = conv(1x1) -> bn
  branch e = conv(1x1) -> bn -> conv(3x3) -> bn
  then relu
}
model Net { input x: image[6, 6, 2]\n output x -> Mine(4) }
${policies.map((mode, index) => `quant ${nameOf(index)} { weights: lsq(bits: 4)\n activations: lsq(bits: 4)\n bn: ${mode} }`).join("\n")}
`;

/** How often each primitive is called in training. */
function countCalls(policy: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { primitive } of makePlan(compilePolicy(text, policy).train, "train").calls) {
    counts.set(primitive, (counts.get(primitive) ?? 0) + 1);
  }
  return counts;
}

const found = policies.map((_, index) => countCalls(nameOf(index)));

it("the covariance of the input's pixels, by three branches that begin with a 1x1", () => {
  expect(found[0]!.get("pointwiseMoments")).toBe(3);
  expect(found[0]!.get("pixelCovariance")).toBe(1);
});

it("the first images, by five branches", () => {
  expect(found[1]!.get("firstImages")).toBe(1);
  expect(found[1]!.get("pixelCovariance")).toBe(1);
});

it("the moments of the input, by all that is estimated of it", () => {
  const estimates = found[2]!.get("estimatedMoments") ?? 0;
  expect(estimates).toBeGreaterThanOrEqual(5);
  expect(found[2]!.get("moments")).toBeLessThan(estimates);
});

it("the constant in place of the input", () => {
  const once = found[3]!;
  expect(once.get("pixelCovariance")).toBe(1);
  expect(once.get("detach")).toBeLessThan(2 * 6);
});
