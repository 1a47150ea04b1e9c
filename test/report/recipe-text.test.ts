import { expect, it } from "vitest";
import { recipeText } from "../../cli/report/recipe-text.ts";
import type { Recipe } from "../../runtime/train/index.ts";

const least: Recipe = {
  epochs: 1,
  batch: 8,
  seed: 1,
  loss: { name: "mean_absolute_error" },
  optimizer: { name: "adam" },
  schedule: { name: "constant" },
  rate: 1e-4,
};

it("says what a recipe says, and no more", () => {
  expect(recipeText(least)).toBe(
    "1 epoch, batches of 8, mean absolute error, adam at 0.0001, constant",
  );
});

it("leaves nothing out", () => {
  const whole: Recipe = {
    ...least,
    epochs: 3,
    loss: { name: "softmax_cross_entropy", smoothing: 0.1 },
    optimizer: { name: "sgd", momentum: 0.9 },
    schedule: { name: "cosine", warmupEpochs: 0.5 },
    stepRate: 0.001,
    decay: 0.01,
    decayed: ["kernel", "bias"],
    clip: 2,
    average: 0.999,
    calibrate: 9,
    freeze: 0.75,
    reestimate: true,
    keep: "best",
    distill: true,
  };
  expect(recipeText(whole)).toBe(
    [
      "3 epochs, batches of 8, softmax cross entropy (smoothing 0.1)",
      "targets from the weights that it begins with, sgd (momentum 0.9) at 0.0001",
      "quantizers' steps at 0.001, cosine after a warm-up of 0.5 epochs, decay 0.01 of kernel, bias",
      "gradients clipped at 2, weights averaged by 0.999, first steps from 9 batches",
      "statistics frozen after 75 % of the steps, statistics measured anew at the end, best epoch kept",
    ].join(", "),
  );
});
