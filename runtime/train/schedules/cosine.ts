import type { Schedule } from "./schedule.ts";

/** Half a cosine from 1 down to 0, which it would reach one step after the last (Loshchilov and Hutter, SGDR, 2017). */
export function cosine(): Schedule {
  return (step, steps) => (1 + Math.cos((Math.PI * step) / Math.max(1, steps))) / 2;
}
