/** What a recipe can choose from, with the options of each; the runtime has a file for each name. */
export const recipeChoices = {
  loss: { cross_entropy: ["smoothing"], mean_absolute_error: [] },
  optimizer: { sgd: ["momentum", "decay"], adam: ["beta1", "beta2", "epsilon", "decay"] },
  schedule: { warmup: ["epochs"], cosine: [], constant: [] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
