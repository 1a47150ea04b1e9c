import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import { mergeArrays, runBranches } from "../../compiler/ir/index.ts";
import { compileText } from "../support/compile-text.ts";
import { distance } from "../support/largest-difference.ts";
import { termSizes } from "../support/magnitudes.ts";
import { randomBlocks } from "../support/random-block.ts";
import { drawInput, drawWeights, ordinary, reading } from "../support/random-weights.ts";
import { hostMap, hostWeights, runDeployed, runTrainGraph } from "../support/run-program.ts";
import { foundBefore } from "./found-before.ts";

const blocks = randomBlocks({ isDyadic: false, least: 1, most: 6 });
const forms = ["branches", "folded", "merged"] as const;

describe.each(["wasm", "cpu"] as const)("float32 on %s, running statistics", (backend) => {
  beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

  it("every train form, the merge and what is deployed equal the reference within 1e-5", async () => {
    await fc.assert(
      fc.asyncProperty(blocks, async (block) => {
        const { program, island } = compileText(block);
        const numbers = drawWeights(program.weights, ordinary, block.seed);
        const x = drawInput(block.shape, 2, ordinary, block.seed);
        const [weights, input] = [hostWeights(program, numbers), hostMap(x)];
        const weight = reading(numbers);
        const expected = runBranches(island, x, weight).output.data;
        const { kernel, bias } = mergeArrays(island, weight);
        // Rounding is relative to the terms, which may cancel in the sum.
        const sizes = termSizes(island, x, weight);
        const hold = (data: ArrayLike<number>, what: string) =>
          expect(distance(data, expected), what).toBeLessThanOrEqual(1e-5 * sizes.output);
        for (const form of forms) {
          const { program: formed } = compileText(block, form);
          hold((await runTrainGraph(formed, "eval", weights, input)).data, form);
        }
        const { merged, output } = await runDeployed(program, weights, input);
        hold(output.data, "deployed");
        const found = [...merged.get("kernel")!.data, ...merged.get("bias")!.data];
        const difference = distance(found, [...kernel.data, ...bias]);
        expect(difference, "merged").toBeLessThanOrEqual(1e-5 * sizes.merged);
      }),
      { numRuns: 50, examples: [...foundBefore], interruptAfterTimeLimit: 45_000 },
    );
  });
});
