/** Bounds on what a spec may ask for (rule S15), far above any published network. */
export const limits = {
  channels: 65_536,
  /** Taps along one side, dilation included. */
  kernel: 255,
  repeats: 1_024,
  /** Ops of the unrolled model. */
  nodes: 20_000,
  /** Blocks inside blocks. */
  depth: 32,
  /** Numbers in one sample's largest map. */
  mapSize: 2 ** 28,
} as const;
