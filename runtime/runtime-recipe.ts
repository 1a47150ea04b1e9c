import type { Choice, RecipeSpec } from "../compiler/ir/recipe.ts";
import type { Recipe } from "./train/recipe.ts";

/** A recipe of the language as the runtime takes it. */
export function runtimeRecipe(
  spec: RecipeSpec,
  stage: "float" | "quantized",
  seed: number,
): Recipe {
  const { epochs, batch, optimizer, keep, calibrate, distill, clip, average, freeze, reestimate } =
    spec;
  const { decay, ...options } = optimizer.options;
  const warmup = spec.schedule.find(({ name }) => name === "warmup");
  const shape = spec.schedule.find(({ name }) => name !== "warmup");
  return {
    epochs,
    batch,
    seed,
    loss: loss(spec.loss),
    optimizer: { name: optimizer.name as "sgd" | "adam", ...options },
    schedule: {
      name: (shape?.name ?? "constant") as "constant" | "cosine",
      ...(warmup && { warmupEpochs: warmup.options["epochs"] ?? 0 }),
    },
    rate: stage === "float" ? spec.rate : spec.quantized,
    // In floating point there are no steps, and the teacher would be the student.
    ...(stage === "quantized" && calibrate !== undefined && { calibrate }),
    ...(stage === "quantized" && distill !== undefined && { distill }),
    stepRate: spec.steps,
    ...(decay !== undefined && { decay }),
    keep,
    ...(clip !== undefined && { clip }),
    ...(average !== undefined && { average }),
    ...(freeze !== undefined && { freeze }),
    ...(reestimate !== undefined && { reestimate }),
  };
}

function loss({ name, options }: Choice): Recipe["loss"] {
  if (name === "mean_absolute_error") return { name };
  const smoothing = options["smoothing"];
  return { name: "softmax_cross_entropy", ...(smoothing !== undefined && { smoothing }) };
}
