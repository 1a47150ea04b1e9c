import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import { mergeArrays, runBranches } from "../../compiler/ir/index.ts";
import { compileText } from "../support/compile-text.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { randomBlocks } from "../support/random-block.ts";
import { drawInput, drawWeights, ordinary, reading } from "../support/random-weights.ts";
import { hostMap, hostWeights, runDeployed, runTrainGraph } from "../support/run-program.ts";

const blocks = randomBlocks({ isDyadic: false, least: 1, most: 6 });
const forms = ["branches", "folded", "merged"] as const;

/** Largest distance relative to the largest expected number. */
function relative(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return distance(actual, expected) / magnitude(expected);
}

describe.each(["wasm"] as const)("float32 on %s, running statistics", (backend) => {
  beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

  it("every train form and what is deployed equal the branches within 1e-5", async () => {
    await fc.assert(
      fc.asyncProperty(blocks, async (block) => {
        const { program, island } = compileText(block);
        const numbers = drawWeights(program.weights, ordinary, block.seed);
        const x = drawInput(block.shape, 2, ordinary, block.seed);
        const [weights, input] = [hostWeights(program, numbers), hostMap(x)];
        const expected = runBranches(island, x, reading(numbers)).output.data;
        for (const form of forms) {
          const { data } = await runTrainGraph(compileText(block, form).program, "eval", weights, input); // prettier-ignore
          expect(relative(data, expected), form).toBeLessThan(1e-5);
        }
        const { merged, output } = await runDeployed(program, weights, input);
        expect(relative(output.data, expected), "deployed").toBeLessThan(1e-5);
        const { kernel, bias } = mergeArrays(island, reading(numbers));
        const found = [...merged.get("kernel")!.data, ...merged.get("bias")!.data];
        expect(relative(found, [...kernel.data, ...bias]), "merged").toBeLessThan(1e-5);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
import { vi } from "vitest"; vi.mock("../../runtime/primitives/conv.ts", () => import("./zz-conv.ts"));
