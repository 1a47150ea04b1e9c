import type { Schedule } from "./schedule.ts";

/** Rises linearly to 1 over the first `length` steps, then follows `rest` over what remains. */
export function warmup(length: number, rest: Schedule): Schedule {
  return (step, steps) =>
    step < length ? (step + 1) / length : rest(step - length, Math.max(1, steps - length));
}
