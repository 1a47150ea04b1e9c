import { defineMap, int } from "./op.ts";

/** Channels become positions; channel (i·scale + j)·C + c goes to row offset i and column offset j (TensorFlow's order). */
export const depthToSpace = defineMap({
  name: "depth_to_space",
  doc: "Moves groups of channels to a `scale` times larger map.",
  example: "depth_to_space(2)",
  params: { scale: int("Growth of height and width.") },
  result({ scale }, input) {
    if (input.kind !== "map") return "`depth_to_space` needs a map with height and width";
    if (input.channels % scale ** 2 !== 0)
      return `${input.channels} channels do not divide by ${scale} x ${scale}`;
    const { height, width, channels } = input;
    return {
      kind: "map",
      height: height * scale,
      width: width * scale,
      channels: channels / scale ** 2,
    };
  },
  attributes: ({ scale }) => ({ scale }),
  sign: (input) => input,
});
