import { defineMap, int } from "./op.ts";

/** The whole channel vector several times in a row (TensorFlow's order). */
export const tile = defineMap({
  name: "tile",
  doc: "Repeats the whole channel vector.",
  example: "luma -> tile(4)",
  params: { times: int("How many copies.") },
  result: ({ times }, input) =>
    input.kind === "map"
      ? { ...input, channels: input.channels * times }
      : "`tile` needs a map with height and width",
  attributes: ({ times }) => ({ times }),
  sign: (input) => input,
});
