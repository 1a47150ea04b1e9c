import { counted } from "./counted.ts";
import type { Recipe } from "../../runtime/train/index.ts";

/** All that a recipe says, in the order in which one reads it: `3 epochs, batches of 32, softmax cross entropy, ...`. */
export function recipeText(recipe: Recipe): string {
  const { epochs, batch, stepRate, decay, clip, average, freeze, calibrate } = recipe;
  const parts = [
    counted(epochs, "epoch"),
    `batches of ${batch}`,
    choiceText(recipe.loss),
    ...(recipe.distill === true ? ["targets from the weights that it begins with"] : []),
    `${choiceText(recipe.optimizer)} at ${recipe.rate}`,
    ...(stepRate === undefined ? [] : [`quantizers' steps at ${stepRate}`]),
    scheduleText(recipe.schedule),
    ...(decay === undefined
      ? []
      : [`decay ${decay} of ${(recipe.decayed ?? ["kernel"]).join(", ")}`]),
    ...(clip === undefined ? [] : [`gradients clipped at ${clip}`]),
    ...(average === undefined ? [] : [`weights averaged by ${average}`]),
    ...(calibrate === undefined
      ? []
      : [`first steps from ${counted(calibrate, "batch", "batches")}`]),
    ...(freeze === undefined ? [] : [`statistics frozen after ${percent(freeze)} of the steps`]),
    ...(recipe.reestimate === true ? ["statistics measured anew at the end"] : []),
    ...(recipe.keep === "best" ? ["best epoch kept"] : []),
  ];
  return parts.join(", ");
}

/** `sgd (momentum 0.9)` */
function choiceText({ name, ...options }: { readonly name: string }): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const text = given.map(([option, value]) => `${worded(option)} ${String(value)}`).join(", ");
  return text === "" ? worded(name) : `${worded(name)} (${text})`;
}

function scheduleText({ warmupEpochs, ...schedule }: Recipe["schedule"]): string {
  const text = choiceText(schedule);
  if (warmupEpochs === undefined) return text;
  return `${text} after a warm-up of ${counted(warmupEpochs, "epoch")}`;
}

/** `softmax_cross_entropy` and `beta1` as one says them. */
function worded(name: string): string {
  return name
    .replaceAll("_", " ")
    .replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
