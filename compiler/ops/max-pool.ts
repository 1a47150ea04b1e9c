import { defineMap, int, size } from "./op.ts";

/**
 * The largest number of each window around every `stride`-th position; windows end at the map's rim (`nn.MaxPool2d(size, stride, (size - 1) / 2)`
 * of PyTorch, for odd sizes). An even window reaches one position further down and to the right.
 */
export const maxPool = defineMap({
  name: "max_pool",
  doc: "The largest number of a window of each channel. What lies beyond the map does not count.",
  example: "max_pool(3x3, stride: 2)",
  params: {
    size: size("Height by width of the window."),
    stride: int("Distance between windows.", { default: 1 }),
  },
  result({ size, stride }, input) {
    if (input.kind !== "map") return "`max_pool` needs a map with height and width";
    const { height, width } = input;
    if (size.height > height || size.width > width)
      return `a window of ${size.height} x ${size.width} is larger than a map of ${height} x ${width}`;
    return { ...input, height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
  },
  attributes({ size: { height, width }, stride }) {
    const [top, left] = [Math.floor((height - 1) / 2), Math.floor((width - 1) / 2)];
    return { size: [height, width], stride, pads: [top, height - 1 - top, left, width - 1 - left] };
  },
  // Monotone: the largest of numbers on a grid is on it, so that no quantizer is needed in front.
  sign: (input) => input,
});
