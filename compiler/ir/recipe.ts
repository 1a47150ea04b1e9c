/** A choice by name with numbers, as `sgd(momentum: 0.9)`. */
export interface Choice {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
}

/** A `recipe` declaration with its parameters settled: how a model is trained, in floating point and quantized. */
export interface RecipeSpec {
  readonly name: string;
  readonly epochs: number;
  /** Images per step. */
  readonly batch: number;
  readonly loss: Choice;
  readonly optimizer: Choice;
  /** In order: `warmup(epochs: 5) -> cosine`. */
  readonly schedule: readonly Choice[];
  /** Learning rate in floating point. */
  readonly rate: number;
  /** Learning rate of quantized training; `rate` where the recipe is silent. */
  readonly quantized: number;
  /** Learning rate of quantizers' steps; `quantized` where the recipe is silent. */
  readonly steps: number;
  readonly keep: "best" | "last";
  /** How many first batches together tell the first steps of activations' quantizers. */
  readonly calibrate?: number;
  /** Whether targets are what the model makes of a batch in floating point with the weights that the training begins with. */
  readonly distill?: boolean;
  /** Largest norm of all gradients together. */
  readonly clip?: number;
  /** Decay of a moving average of the weights, which then is what is tested and kept. */
  readonly average?: number;
  /** Share of the training after which the normalizations' statistics stay as they are. */
  readonly freeze?: number;
  /** Whether statistics are measured anew over the training data before the final merge. */
  readonly reestimate?: boolean;
}
