/** What every engine is asked to do, the same for all of them; `pytorch_block.py` does it too. */
export interface Workload {
  readonly name: string;
  readonly form: "branches" | "repq";
  /** Height and width of the maps. */
  readonly side: number;
  readonly channels: number;
}

export const workloads: readonly Workload[] = [
  { name: "branches, 32x32x32", form: "branches", side: 32, channels: 32 },
  { name: "RepQ, 32x32x32", form: "repq", side: 32, channels: 32 },
  { name: "branches, 16x16x64", form: "branches", side: 16, channels: 64 },
  { name: "RepQ, 16x16x64", form: "repq", side: 16, channels: 64 },
];

/** The engine's peak: one plain 3x3 convolution, forward. */
export const peak = { name: "peak", side: 32, channels: 64 } as const;

/** Floating-point operations of the convolutions of one step, forward, backward to the input and to the kernels. */
export function stepOperations({ form, side, channels }: Workload, batch: number): number {
  const [wide, narrow] = [9, 1];
  const branches = wide + narrow;
  // RepQ convolves with the merged kernel, and measures the statistics behind each branch's own.
  const taps = form === "branches" ? branches : wide + branches;
  return 3 * convolution(taps, side, channels, batch);
}

export function peakOperations(batch: number): number {
  return convolution(9, peak.side, peak.channels, batch);
}

function convolution(taps: number, side: number, channels: number, batch: number): number {
  return 2 * taps * channels ** 2 * side ** 2 * batch;
}
