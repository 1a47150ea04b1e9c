import { Random } from "../random.ts";
import { createLoss } from "./losses/index.ts";
import { createOptimizer } from "./optimizers/index.ts";
import type { Recipe } from "./recipe.ts";
import { createSchedule } from "./schedules/index.ts";
import type { StepOptions } from "./train-step.ts";

/** What one step is taken with. */
export interface PlannedStep extends StepOptions {
  /** Statistics stay as they are from here on. */
  readonly isFrozen: boolean;
}

/** From the number of steps taken to what the next one is taken with. */
export function planSteps(
  recipe: Recipe,
  perEpoch: number,
  steps: number,
): (taken: number) => PlannedStep {
  const { name, warmupEpochs = 0 } = recipe.schedule;
  const schedule = createSchedule({ name, warmup: Math.round(warmupEpochs * perEpoch) });
  const { rate, stepRate = rate, decay = 0, decayed = ["kernel"], clip, freeze = 1 } = recipe;
  const draws = Random.fromSeed(recipe.seed).fork("draws");
  const [loss, optimizer] = [createLoss(recipe.loss), createOptimizer(recipe.optimizer)];
  return (taken) => {
    const factor = schedule(taken, steps);
    const rates = { rate: rate * factor, stepRate: stepRate * factor, decay, decayed };
    const isFrozen = taken >= Math.ceil(freeze * steps);
    const clipping = clip === undefined ? {} : { clip };
    // Of the step's number alone, so that a resumed training draws the same.
    const draw = draws.fork(String(taken)).integer();
    return { ...rates, ...clipping, loss, optimizer, count: taken + 1, draw, isFrozen };
  };
}
