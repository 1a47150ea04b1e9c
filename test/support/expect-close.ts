import { expect } from "vitest";
import type { Numbers } from "./compute.ts";

/** The largest difference, relative to the largest expected number (at least 1), is no larger than the tolerance. */
export function expectClose(actual: Numbers, expected: Numbers, tolerance: number, what: string) {
  expect(actual.shape, `${what}: shape`).toEqual([...expected.shape]);
  const scale = Math.max(1, ...Array.from(expected.data, Math.abs));
  const differences = Array.from(expected.data, (e, i) => Math.abs(e - actual.data[i]!) / scale);
  const worst = differences.reduce((a, b) => (b <= a ? a : b), 0); // NaN wins
  expect(worst, `${what}: relative difference`).toBeLessThanOrEqual(tolerance);
}
