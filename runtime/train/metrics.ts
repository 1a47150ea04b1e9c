import { numberOf, type WrittenNumber } from "../written-number.ts";

/**
 * What an evaluation found, by name: `accuracy` from 0 to 1, `psnr` in decibels. Larger is better. Not always finite: the PSNR of equal images
 * has no end, and that of images with NaN is none.
 */
export type Metrics = Readonly<Record<string, number>>;

/** Metrics as files hold them. */
export type WrittenMetrics = Readonly<Record<string, WrittenNumber | null>>;

/** The number by which one epoch is better than another; what is no number is worst. */
export function scoreOf(metrics: Metrics): number {
  const score = metrics["accuracy"] ?? metrics["psnr"] ?? NaN;
  return Number.isNaN(score) ? -Infinity : score;
}

/** Metrics as they were before they were written; undefined where they are none. */
export function metricsOf(written: unknown): Metrics | undefined {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return undefined;
  const metrics: Record<string, number> = {};
  for (const [name, value] of Object.entries(written)) {
    const number = numberOf(value);
    if (number === undefined) return undefined;
    metrics[name] = withoutStandIn(number);
  }
  return metrics;
}

/** Earlier versions wrote 1000 dB for equal images, and -1000 for what is no number; no others are that far apart. */
function withoutStandIn(number: number): number {
  if (number === 1000) return Infinity;
  return number === -1000 ? NaN : number;
}
