import type { Site } from "../../integer/index.ts";
import type { Doubts } from "./doubt.ts";
import type { Halves } from "./halves.ts";
import type { Interval } from "./interval.ts";

/** What a row of the table of doubt may know besides its arguments. */
export interface DoubtSite extends Site {
  readonly doubts: Doubts;
  readonly halves: Halves;
}

export type DoubtRow = (args: readonly Interval[], site: DoubtSite) => Interval;
