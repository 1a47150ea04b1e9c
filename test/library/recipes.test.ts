/** Recipes of the library are Table S1 of the paper's supplementary. */
import { describe, expect, it } from "vitest";
import { compileRecipe } from "../../compiler/compile.ts";
import type { RecipeSpec } from "../../compiler/ir/index.ts";
import { specHost } from "../support/spec-host.ts";
import { declared } from "./library.ts";

type Column = Omit<RecipeSpec, "name" | "quantized" | "steps"> & {
  /** Learning rates of quantized training and of "Merged" at 8 bits; of the steps at 8 and at 4 bits. */
  readonly rates: { quantized: number; merged8: number; steps8: number; steps4: number };
};

const momentum = { name: "sgd", options: { momentum: 0.9, decay: 1e-4 } };
const crossEntropy = { name: "cross_entropy", options: {} };
const cosine = { name: "cosine", options: {} };
const warmUp = { name: "warmup", options: { epochs: 5 } };
const resnetRates = { quantized: 0.01, merged8: 0.001, steps8: 1e-4, steps4: 1e-3 };

const table: Readonly<Record<string, Column>> = {
  repvgg: {
    epochs: 120,
    batch: 256,
    loss: { name: "cross_entropy", options: { smoothing: 0.1 } },
    optimizer: momentum,
    schedule: [warmUp, cosine],
    rate: 0.1,
    keep: "best",
    rates: { quantized: 0.01, merged8: 0.001, steps8: 0.01, steps4: 0.01 },
  },
  "ac-resnet18": {
    epochs: 100,
    batch: 256,
    loss: crossEntropy,
    optimizer: momentum,
    schedule: [cosine],
    rate: 0.1,
    keep: "best",
    rates: resnetRates,
  },
  "orepa-resnet18": {
    epochs: 120,
    batch: 256,
    loss: crossEntropy,
    optimizer: momentum,
    schedule: [warmUp, cosine],
    rate: 0.1,
    keep: "best",
    rates: resnetRates,
  },
  ecbsr: {
    epochs: 1000,
    batch: 32,
    loss: { name: "mean_absolute_error", options: {} },
    optimizer: { name: "adam", options: {} },
    schedule: [{ name: "constant", options: {} }],
    rate: 5e-4,
    keep: "last",
    rates: { quantized: 5e-4, merged8: 5e-4, steps8: 5e-4, steps4: 5e-4 },
  },
};

function readRecipe(file: string, recipe: string): RecipeSpec | undefined {
  const read = compileRecipe({ file: `recipes/${file}.repq`, recipe }, specHost);
  expect(read.diagnostics).toEqual([]);
  return read.recipe;
}

describe.each(Object.entries(table))("recipes/%s", (file, { rates, ...column }) => {
  const { quantized, merged8, steps8, steps4 } = rates;

  it.each([
    ["QAT8", { quantized, steps: steps8 }],
    ["QAT4", { quantized, steps: steps4 }],
    ["Merged8", { quantized: merged8, steps: steps8 }],
  ])("%s is the table's", (name, own) => {
    expect(readRecipe(file, name)).toEqual({ name, ...column, ...own });
  });

  it("has one recipe for each of the three trainings", () => {
    expect(declared(`recipes/${file}.repq`)).toEqual(["QAT8", "QAT4", "Merged8"]);
  });

  it("can be shortened", () => {
    expect(readRecipe(file, "QAT8(epochs: 2, batch: 8)")).toMatchObject({ epochs: 2, batch: 8 });
  });
});

describe("the decay of OREPA's weights", () => {
  it("can be halved, as the supplementary tries it", () => {
    const recipe = readRecipe("orepa-resnet18", "QAT4(decay: 5e-5)");
    expect(recipe?.optimizer.options["decay"]).toBe(5e-5);
  });
});
