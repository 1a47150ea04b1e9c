/** Bounds on what a spec may ask for (rule S15), far above any published network. */
export const limits = {
  channels: 65_536,
  /** Taps along one side, dilation included. */
  kernel: 255,
  repeats: 1_024,
  /** Ops of the unrolled model. */
  nodes: 8_000,
  /** Blocks inside blocks, or files that import files. */
  depth: 32,
  /** Blocks and groups inside each other: every level is some stack of the machine. */
  nesting: 128,
  /** Numbers in one sample's largest map, or in one kernel. */
  mapSize: 2 ** 28,
  /** Numbers in all kernels of a model. */
  weights: 2 ** 30,
  /** Values evaluated, arguments bound and selectors tried in one compilation; an op counts as ten. */
  work: 1_000_000,
  /** Problems told at once. */
  diagnostics: 100,
} as const;
