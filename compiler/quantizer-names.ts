/** What an option of a quantizer or a statistics mode may be. The first word is what holds where none is given. */
export type OptionRule =
  | { readonly kind: "word"; readonly words: readonly string[] }
  | { readonly kind: "flag"; readonly default: boolean }
  | { readonly kind: "share"; readonly of: string; readonly default?: number }
  | { readonly kind: "count"; readonly least: number; readonly most: number };

type OptionRules = Readonly<Record<string, Readonly<Record<string, OptionRule>>>>;

/** Where public code of LSQ disagrees; what holds unless told is lsq-net's. */
const conventions = {
  gradient: { kind: "word", words: ["lsq", "channel", "none"] },
  mask: { kind: "word", words: ["unrounded", "rounded"] },
  batch: { kind: "flag", default: true },
} as const;

/** Rules by which steps are found, as policies name them, with their options; each is a file of `runtime/quantizers`. */
export const quantizerOptions: OptionRules = {
  lsq: { ...conventions, start: { kind: "word", words: ["mean", "range", "error"] } },
  lsq_plus: conventions,
  minmax: { momentum: { kind: "share", of: "of the new range in the running one", default: 0.1 } },
};

export const quantizerNames: readonly string[] = Object.keys(quantizerOptions);

/** What stands for an activation that may be negative: the quantizer of that name with a zero point. */
export const offsetQuantizers: Readonly<Record<string, string>> = { lsq_plus: "lsq_plus_offset" };

/** As instructions name them. */
export const quantizerRules: readonly string[] = [
  ...quantizerNames,
  ...Object.values(offsetQuantizers),
];

/** Quantizers that know a kernel's step from the kernel: there is no step to learn. */
export const rangeQuantizers: ReadonlySet<string> = new Set(["minmax"]);

const seen = { kind: "word", words: ["unquantized", "quantized"] } as const;
const measured = { of: seen, gradient: { kind: "flag", default: true } } as const;

/** Providers of a normalization's statistics, as policies name them, with their options; each is a file of `runtime/statistics`. */
export const statisticsModes: OptionRules = {
  batch: measured,
  sampled: {
    images: { kind: "share", of: "of the batch" },
    lattice: { kind: "count", least: 2, most: 64 },
    ...measured,
  },
  estimated: measured,
  running: { of: seen },
  frozen: {},
};

export const bitRange = { least: 2, most: 8 } as const;
