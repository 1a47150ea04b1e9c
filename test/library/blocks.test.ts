/** Every block of the library merges into what its branches compute, and has its normalizations where its paper has them. */
import { describe, expect, it } from "vitest";
import { buildKernel, tapAt, type ArrayKernel } from "../../compiler/algebra/arrays.ts";
import type { Island } from "../../compiler/ir/index.ts";
import { mergeArrays, runBranches, runMerged } from "../../compiler/ir/index.ts";
import { largestDifference, magnitude } from "../support/largest-difference.ts";
import { drawInput, drawWeights, ordinary, reading } from "../support/random-weights.ts";
import { compileUser, declared, library } from "./library.ts";

const entries: Readonly<Record<string, readonly string[]>> = {
  "blocks/acnet": ["ACNet(6)", "ACNet(5, k: 5, stride: 2)"],
  "blocks/dbb": ["DBB(6)", "DBB(8, k: 5, stride: 2)", "DBB(4, groups: 2)"],
  "blocks/ecb": ["ECB(6)", "ECB(4, residual: true, act: none)", "ECB(5, expand: 1.5)"],
  "blocks/mobileone": ["MobileOne(6)", "MobileOne(4, groups: 4, stride: 2)", "MobileOneUnit(4)"],
  "blocks/orepa": [
    "OREPA_Kernel(5)",
    "OREPA(6)",
    "OREPA(5, stride: 2)",
    "OREPA_Large(3, k: 5)",
    "OREPA_Large(3, k: 7, stride: 2)",
    "OREPA_1x1(6)",
    "OREPA_1x1(3, stride: 2)",
    "RepVGG_OREPA(4)",
    "RepVGG_OREPA(5, stride: 2)",
  ],
  "blocks/plain": [
    "ConvBN(6)",
    "ConvBN(8, k: 1, stride: 2, act: none)",
    "ConvBN(4, k: 7, groups: 2)",
  ],
  "blocks/qarepvgg": [
    "QARepVGG(4)",
    "QARepVGG_V1(4)",
    "QARepVGG_V3(4)",
    "QARepVGG_V4(4)",
    "QARepVGG_V5(4, groups: 2)",
    "QARepVGG_V6(4)",
    "QARepVGG_YOLOv6(4)",
    "QARepVGG_YOLOv6(6, stride: 2)",
  ],
  "blocks/repvgg": ["RepVGG(4)", "RepVGG(6, stride: 2)", "RepVGG(4, groups: 2)"],
};

const cases = Object.entries(entries).flatMap(([file, calls]) =>
  calls.map((call) => [call, file] as const),
);
const shape = [9, 8, 4] as const;

function compileBlock(file: string, entry: string) {
  const { program, model, diagnostics } = compileUser([file], { entry, shape });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  const islands = model?.model.nodes.filter((node): node is Island => node.kind === "island");
  const specs = program?.weights ?? [];
  return { islands: islands ?? [], specs, weight: reading(drawWeights(specs, ordinary, 7)) };
}

describe("merged equals branched", () => {
  it.each(cases)("%s of %s", (entry, file) => {
    const { islands, weight } = compileBlock(file, entry);
    expect(islands).toHaveLength(entry.startsWith("MobileOneUnit") ? 2 : 1);
    for (const island of islands) {
      const [height, width] = shape;
      const x = drawInput([height, width, island.body.in], 2, ordinary, 3);
      const branched = runBranches(island, x, weight).output;
      const merged = runMerged(island, x, weight);
      const scale = Math.max(1, magnitude(branched.data));
      expect(magnitude(branched.data)).toBeGreaterThan(0.1);
      expect(largestDifference(merged, branched) / scale).toBeLessThan(1e-12);
    }
  });

  it("is tried with every block", () => {
    const blocks = library
      .filter(({ path }) => path.startsWith("blocks/"))
      .flatMap(({ declarations }) => declarations.filter(({ kind }) => kind === "block"));
    const tried = new Set(cases.map(([entry]) => entry.replace(/\(.*/, "")));
    expect([...tried].toSorted()).toEqual(blocks.map(({ name }) => name.text).toSorted());
  });
});

describe("normalizations", () => {
  it.each([
    ["QARepVGG", ["dense.1", "then.0"]],
    ["QARepVGG_V1", ["dense.1", "point.1", "skip.1", "then.0"]],
    ["QARepVGG_V3", ["point.1", "then.0"]],
    ["QARepVGG_V4", ["skip.1", "then.0"]],
    ["QARepVGG_V5", ["dense.1", "point.1", "then.0"]],
    ["QARepVGG_V6", ["dense.1", "point.1"]],
    ["QARepVGG_YOLOv6", ["dense.1", "then.0"]],
  ])("of %s", (block, expected) => {
    const { specs } = compileBlock("blocks/qarepvgg", `${block}(4)`);
    const paths = specs.flatMap(({ path }) => path.match(/^(.*)\.gamma$/)?.[1] ?? []);
    expect(paths).toEqual(expected);
  });

  it("of OREPA are one, after the sum, however large the kernel", () => {
    for (const entry of ["OREPA(4)", "OREPA_Large(4)", "OREPA_1x1(4)"]) {
      const { specs } = compileBlock("blocks/orepa", entry);
      const norms = specs.filter(({ path }) => path.endsWith(".gamma"));
      expect(norms.map(({ path }) => path)).toEqual(["then.0.gamma"]);
    }
  });
});

/** The authors' combination: K[u] = sum over v of A[u + v - 2] * B[v], a correlation with two rings of zeros around A. */
function correlate(a: ArrayKernel, b: ArrayKernel): ArrayKernel {
  const taps = [0, 1, 2].flatMap((v) => [0, 1, 2].map((w) => [v, w] as const));
  const shape = { ...a, height: a.height + 2, width: a.width + 2, out: b.out };
  return buildKernel(shape, (row, column, input, output) => {
    let sum = 0;
    for (const [v, w] of taps) {
      for (let middle = 0; middle < a.out; middle++)
        sum +=
          tapAt(a, row + v - 2, column + w - 2, input, middle) * tapAt(b, v, w, middle, output);
    }
    return sum;
  });
}

describe("OREPA's large kernel", () => {
  it("is the correlation of its small ones, then its BN's factor", () => {
    const { islands, weight } = compileBlock("blocks/orepa", "OREPA_Large(3, k: 7)");
    const small = [0, 1, 2].map((index) => {
      const [channels, prefix] = index === 0 ? [4, "nested.0"] : [3, `nested.${index}.0`];
      const { model } = compileUser(["blocks/orepa"], {
        entry: "OREPA_Kernel(3)",
        shape: [9, 8, channels],
      });
      const island = model?.model.nodes.find((node): node is Island => node.kind === "island");
      return mergeArrays(island!, (path) => weight(`${prefix}.${path}`)).kernel;
    });
    const nested = small.reduce(correlate);
    const [gamma, variance] = [weight("then.0.gamma"), weight("then.0.variance")];
    const expected = nested.data.map(
      (tap, index) => (tap * gamma[index % 3]!) / Math.sqrt(variance[index % 3]! + 1e-5),
    );
    const { kernel } = mergeArrays(islands[0]!, weight);
    expect([kernel.height, kernel.width, kernel.in, kernel.out]).toEqual([7, 7, 4, 3]);
    const differences = kernel.data.map((tap, index) => Math.abs(tap - expected[index]!));
    expect(magnitude(differences) / magnitude(expected)).toBeLessThan(1e-13);
  });

  it("needs more than one small kernel", () => {
    const { diagnostics } = compileUser(["blocks/orepa"], { entry: "OREPA_Large(3, k: 3)", shape });
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringContaining("OREPA itself"),
    ]);
  });

  it("is declared beside the small one", () => {
    expect(declared("blocks/orepa.repq").slice(0, 3)).toEqual([
      "OREPA_Kernel",
      "OREPA",
      "OREPA_Large",
    ]);
  });
});
