/** Whole models compute the same with their branches as deployed: residual sums, pooling, skips and blocks of two islands included. */
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { drawInput, drawWeights, ordinary } from "../support/random-weights.ts";
import { hostMap, hostWeights, runDeployed, runTrainGraph } from "../support/run-program.ts";
import { programOf } from "./library.ts";

describe("a model of the library, on small images", () => {
  beforeAll(async () => void (await openBackend("wasm", { threads: 1 })));

  it.each([
    ["models/ecbsr", "ECBSR_M4C8(2)", [9, 8, 1], [2, 18, 16, 1]],
    ["models/mobileone", "MobileOne_S0(10)", [32, 32, 3], [2, 10]],
    ["models/ac-resnet18", "AC_ResNet18(10)", [33, 32, 3], [2, 10]],
  ] as const)("of %s: %s", async (from, entry, shape, expected) => {
    const program = programOf([from], { entry, shape });
    const weights = hostWeights(program, drawWeights(program.weights, ordinary, 5));
    const input = hostMap(drawInput(shape, 2, ordinary, 4));
    const branched = await runTrainGraph(program, "eval", weights, input);
    const { output } = await runDeployed(program, weights, input);
    expect(output.shape).toEqual(expected);
    const largest = magnitude(branched.data);
    expect(largest).toBeGreaterThan(1);
    expect(distance(branched.data, output.data) / largest).toBeLessThan(2e-5);
  });
});
