import type { RandomBlock } from "../support/random-block.ts";

interface Found {
  readonly mistake: string;
  readonly becomes: string;
  readonly members: readonly string[];
  readonly out: number;
  readonly stride?: number;
}

const found: readonly Found[] = [
  {
    mistake: "a stretch without taps was cut into itself for ever",
    becomes: "conv(3x3)",
    members: ["branch a = (scale * 2 - conv(1x1)) -> bn(epsilon: 0.0)", "branch b = conv(3x3)"],
    out: 4,
  },
  {
    mistake: "ops behind `then` were given the block's channels, not their predecessor's",
    becomes: "conv(1x1)",
    members: ["branch a = conv(1x1)", "then conv(1x1, out: 2) -> bn(epsilon: 0.0) -> conv(1x1)"],
    out: 4,
  },
  {
    mistake: "two groups with two outputs were taken for a depthwise kernel",
    becomes: "conv(3x3)",
    members: ["branch a = conv(1x1, out: 4) -> conv(3x3, groups: 2)"],
    out: 2,
  },
  {
    mistake: "statistics behind a sum were measured where its first term starts, not its widest",
    becomes: "conv(3x3)",
    members: ["branch a = conv(1x1, bias: true)", "branch b = conv(3x3)", "then bn(epsilon: 0.0)"],
    out: 4,
  },
  {
    mistake: "two even windows in a row moved the interior twice to the same side",
    becomes: "conv(3x1)",
    members: ["branch a = conv(2x1) -> conv(2x1, bias: true) -> bn(epsilon: 0.0)"],
    out: 4,
  },
  {
    mistake: "the wasm engine's `same` padding is wrong where a window is smaller than its stride",
    becomes: "conv(3x1, stride: 3)",
    members: ["branch a = conv(3x1, bias: true)", "branch b = conv(1x1)"],
    out: 4,
    stride: 3,
  },
  {
    mistake: "a bias inside a chain was left out of the statistics behind it",
    becomes: "conv(3x3)",
    members: ["branch a = conv(1x1, bias: true) -> conv(3x3) -> bn(epsilon: 0.0)"],
    out: 4,
  },
  {
    mistake: "with more padding than keeps the size, statistics depended on the stride",
    becomes: "conv(3x3, pad: 2)",
    members: [
      "branch a = conv(1x1) -> bn(epsilon: 0.0) -> conv(3x3)",
      "branch b = bn(epsilon: 0.0)",
    ],
    out: 4,
  },
  {
    mistake: "the same without padding: statistics of what the block leaves out",
    becomes: "conv(3x3, pad: 0)",
    members: [
      "branch a = conv(1x1) -> bn(epsilon: 0.0) -> conv(3x3)",
      "branch b = bn(epsilon: 0.0)",
    ],
    out: 4,
  },
  {
    mistake: "a test divided by the size of an output that is zero everywhere",
    becomes: "conv(3x5)",
    members: ["branch a = conv(2x2, dilation: 2)"],
    out: 1,
  },
];

/** Blocks that random search once found a mistake with; every property tries them first. */
export const foundBefore: readonly [RandomBlock][] = found.map(
  ({ mistake, becomes, members, out, stride = 1 }, seed) => {
    const lines = members.map((line) => `  ${line}\n`).join("");
    const text = `// ${mistake}\nblock Sample => ${becomes} {\n${lines}}`;
    return [{ text, entry: `Sample(${out})`, shape: [4, 3, 4], stride, seed }];
  },
);
