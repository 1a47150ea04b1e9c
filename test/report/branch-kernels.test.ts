import { describe, expect, it } from "vitest";
import { compileEntry } from "../../cli/compile-entry.ts";
import { branchKernels } from "../../cli/report/branch-kernels.ts";
import { mergeArrays } from "../../compiler/ir/index.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { drawWeights, ordinary } from "../support/random-weights.ts";

function taken(file: string, entry: string) {
  const options = { entry, inputShape: "6,6,4" };
  const { program, model } = compileEntry(file, options, fakeTerminal());
  const island = model.model.nodes.find((node) => node.kind === "island");
  if (island?.kind !== "island") throw new Error(`${entry} has no island`);
  const weights = drawWeights(program.weights, ordinary, 11);
  const read = (path: string) => weights.get(path) ?? new Float64Array();
  const { kernel } = mergeArrays(island, read);
  return { branches: branchKernels(island, read), kernel };
}

describe("the kernels of branches", () => {
  it.each([
    ["repq:blocks/repvgg", "RepVGG(4)", ["dense", "point", "skip"]],
    ["repq:blocks/qarepvgg", "QARepVGG(4)", ["dense", "point", "skip"]],
    ["repq:blocks/dbb", "DBB(8)", ["dense", "point", "deep", "mean"]],
    ["repq:blocks/mobileone", "MobileOne(4, copies: 2, groups: 4)", ["dense.0", "dense.1", "point", "skip"]],
    ["repq:blocks/ecb", "ECB(4, residual: true)", ["dense", "deep", "sobel_x", "sobel_y", "laplacian", "skip"]],
    ["repq:blocks/orepa", "OREPA(4)", ["origin", "mean", "frequency", "deep", "point", "separable"]],
  ])("of %s %s add up to the merged one", (file, entry, names) => {
    const { branches, kernel } = taken(file, entry);
    expect(branches.map(({ name }) => name)).toEqual(names);
    const largest = kernel.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    kernel.data.forEach((value, index) => {
      const sum = branches.reduce((total, one) => total + (one.kernel.data[index] ?? 0), 0);
      expect(Math.abs(sum - value)).toBeLessThan(1e-12 * largest);
    });
  }); // prettier-ignore

  it("are none where there is one branch alone", () => {
    expect(taken("repq:blocks/plain", "ConvBN(4)").branches).toEqual([]);
  });
});
