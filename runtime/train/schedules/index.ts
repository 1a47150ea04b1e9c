import { constant } from "./constant.ts";
import { cosine } from "./cosine.ts";
import type { Schedule } from "./schedule.ts";
import { warmup } from "./warmup.ts";

export type { Schedule } from "./schedule.ts";

/** A schedule as a recipe names it. */
export interface ScheduleChoice {
  readonly name: "constant" | "cosine";
  /** Steps over which the rate first rises linearly; none unless told. */
  readonly warmup?: number;
}

const schedules: Readonly<Record<ScheduleChoice["name"], () => Schedule>> = { constant, cosine };

export function createSchedule({ name, warmup: length = 0 }: ScheduleChoice): Schedule {
  const schedule = schedules[name]();
  return length > 0 ? warmup(length, schedule) : schedule;
}
