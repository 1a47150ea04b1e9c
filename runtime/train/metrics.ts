/** What an evaluation found, by name: `accuracy` from 0 to 1, `psnr` in decibels. Larger is better. */
export type Metrics = Readonly<Record<string, number>>;

/** The number by which one epoch is better than another. */
export function scoreOf(metrics: Metrics): number {
  return metrics["accuracy"] ?? metrics["psnr"] ?? -Infinity;
}
