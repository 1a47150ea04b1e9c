/** What an evaluation found, by name: `accuracy` from 0 to 1, `psnr` in decibels. Larger is better. */
export type Metrics = Readonly<Record<string, number>>;

/** The number by which one epoch is better than another. */
export function scoreOf(metrics: Metrics): number {
  const score = metrics["accuracy"] ?? metrics["psnr"] ?? NaN;
  // Bounded, for checkpoints hold finite numbers: equal images have no end of decibels.
  return Number.isNaN(score) ? Number.MIN_SAFE_INTEGER : Math.min(score, 1e6);
}
