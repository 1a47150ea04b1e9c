/** What an evaluation found, by name: `accuracy` from 0 to 1, `psnr` in decibels. Larger is better. */
export type Metrics = Readonly<Record<string, number>>;

/**
 * Stands for the PSNR of equal images, which has no end, and negative for one that is no number: checkpoints hold finite numbers. No two
 * images of float32 numbers that differ are so close.
 */
export const endOfMetrics = 1000;

/** Metrics as a training keeps them: finite. */
export function boundMetrics(metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, bound(value)]));
}

/** The number by which one epoch is better than another. */
export function scoreOf(metrics: Metrics): number {
  return bound(metrics["accuracy"] ?? metrics["psnr"] ?? NaN);
}

function bound(value: number): number {
  if (Number.isNaN(value)) return -endOfMetrics;
  return Math.min(Math.max(value, -endOfMetrics), endOfMetrics);
}
