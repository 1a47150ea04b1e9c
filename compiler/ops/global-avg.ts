import { defineMap } from "./op.ts";

/** The mean of every position: a map becomes features. */
export const globalAvg = defineMap({
  name: "global_avg",
  doc: "The mean of each channel over all positions.",
  example: "global_avg -> dense(10)",
  params: {},
  result: (_, input) =>
    input.kind === "map"
      ? { kind: "features", channels: input.channels }
      : "`global_avg` needs a map with height and width",
  sign: (input) => input,
  sumsPositions: true,
});
