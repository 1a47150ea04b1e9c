/** How long and on how much every cell is trained. */
export interface Settings {
  /** The first so many of Fashion-MNIST's training part, balanced. */
  readonly trainingImages: number;
  readonly testImages: number;
  /** Calls of recipes of the spec. */
  readonly recipes: {
    readonly float: string;
    readonly quantized: string;
    /** By bits: at few bits there is more to repair, and less to lose. */
    readonly enlarging: { readonly 8: string; readonly 4: string };
  };
  /** Side of a small patch of a photograph, pixels, and how many one epoch cuts of each photograph. */
  readonly patch: { readonly side: number; readonly repeat: number };
  readonly everySteps: number;
}

/** The spec of all nets, policies and recipes, from the package's root. */
export const resultsSpec = "bench/results.repq";

/** Those of `docs/results.md`. */
export const usualSettings: Settings = {
  trainingImages: 8_000,
  testImages: 10_000,
  recipes: {
    float: "Float",
    quantized: "QAT",
    enlarging: { 8: "EnlargeQAT", 4: "EnlargeQAT(rate: 3e-4, steps: 3e-4)" },
  },
  patch: { side: 32, repeat: 16 },
  everySteps: 20,
};
