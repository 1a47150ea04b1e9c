import type { Schedule } from "./schedule.ts";

/** Always 1. */
export function constant(): Schedule {
  return () => 1;
}
