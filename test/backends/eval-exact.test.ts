/** In mode eval the train graph gives the integers' bits, on every backend. */
import { expect, it } from "vitest";
import { compareOutputs } from "../../runtime/export/index.ts";
import { runInteger } from "../../runtime/integer/index.ts";
import { Random } from "../../runtime/random.ts";
import { compilePolicy } from "../support/compile-policy.ts";
import { describeBackends } from "../support/backends.ts";
import { drawInput, drawWeights, ordinary } from "../support/random-weights.ts";
import { hostMap, hostWeights, runGraph, runTrainGraph } from "../support/run-program.ts";

const text = `
block Mine(stride: int = 1) => conv(3x3, stride: stride) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
  then relu
}
model Net {
  input image: image[9, 8, 3]
  stem = image -> Mine(6, stride: 2) -> max_pool(3x3)
  output stem -> Mine(8) -> Mine(8) -> global_avg -> dense(5)
}
quant Four { weights: lsq(bits: 4, per: channel)\n activations: lsq(bits: 4) }
quant Eight { weights: lsq(bits: 8, per: channel)\n activations: lsq(bits: 8) }
quant Offset { weights: lsq_plus(bits: 4)\n activations: lsq_plus(bits: 4, signed: true) }
`;

const policies = ["Four", "Eight", "Offset"];

describeBackends("mode eval", ({ isSlow }) => {
  it.each(isSlow ? policies.slice(0, 1) : policies)(
    "has the bits of the integers: %s",
    async (policy) => {
      const program = compilePolicy(text, policy);
      const random = Random.fromSeed(5);
      const numbers = new Map(drawWeights(program.weights, ordinary, 3));
      for (const { path, shape, role } of program.weights) {
        if (role !== "step") continue;
        const length = shape.reduce((a, b) => a * b, 1);
        const steps = Float64Array.from({ length }, () => random.uniform(0.03, 0.2));
        // Behind the step of such an input stands its zero point.
        if (policy === "Offset" && path.endsWith("input.step") && length === 2)
          steps[1] = random.uniform(1, 6);
        numbers.set(path, steps);
      }
      const weights = hostWeights(program, numbers);
      const input = hostMap(drawInput(program.input.shape, 4, ordinary, 7));
      const deployed = (await runGraph(program.merge, "eval", weights)).outputs;
      const { output } = runInteger(program.deploy, deployed, input);
      const trained = await runTrainGraph(program, "eval", weights, input);
      expect(new Set(output.data).size).toBeGreaterThan(5);
      expect(compareOutputs(output, trained)).toMatchObject({ differing: 0 });
    },
  );
});
