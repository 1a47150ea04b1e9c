/** Rules by which steps are found, as policies name them; each is a file of `runtime/quantizers`. */
export const quantizerNames: readonly string[] = ["lsq"];

/** Providers of a normalization's statistics, as policies name them, with their options; each is a file of `runtime/statistics`. */
export const statisticsModes: Readonly<Record<string, readonly string[]>> = {
  batch: [],
  sampled: ["images"],
  estimated: [],
  running: [],
  frozen: [],
};

export const bitRange = { least: 2, most: 8 } as const;
