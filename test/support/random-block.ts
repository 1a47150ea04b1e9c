import fc from "fast-check";
import { drawChain, drawPoints, type Frame } from "./random-chain.ts";

/** A `.repq` file with one block of interest, and how to compile it. */
export interface RandomBlock {
  readonly text: string;
  readonly entry: string;
  /** [height, width, channels] of the input. */
  readonly shape: readonly [number, number, number];
  readonly stride: number;
  /** For the numbers of weights and input. */
  readonly seed: number;
}

export interface BlockOptions {
  /** Only ops that keep dyadic numbers dyadic: no division by nine, no epsilon. */
  readonly isDyadic: boolean;
  /** Smallest height and width of the input. */
  readonly least: number;
  readonly most: number;
}

/** Draws one value after another; what it drew can be shrunk. */
export interface Draw {
  integer(min: number, max: number): number;
  pick<T>(options: readonly T[]): T;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
}

/** Declarations collected while a block is written. */
export interface FileDraft {
  readonly draw: Draw;
  readonly options: BlockOptions;
  readonly declarations: string[];
}

/** Blocks of every affine op, as a person would write them: nested sums, residuals, copies, strides, groups, dilations, odd and even windows. */
export function randomBlocks(options: BlockOptions): fc.Arbitrary<RandomBlock> {
  return fc.gen().map((generate) => {
    const draw: Draw = {
      integer: (min, max) => generate(fc.integer, { min, max }),
      pick: (choices) => choices[generate(fc.nat, { max: choices.length - 1 })]!,
      chance: (percent) => generate(fc.nat, { max: 99 }) < percent,
    };
    return drawFile({ draw, options, declarations: [] });
  });
}

function drawFile(draft: FileDraft): RandomBlock {
  const { draw, options } = draft;
  const groups = draw.pick([1, 1, 1, 2, 3]);
  const entering = groups * draw.integer(1, Math.floor(6 / groups));
  const out = groups * draw.integer(1, Math.floor(6 / groups));
  const stride = draw.pick([1, 1, 2, 3]);
  const dilation = draw.pick([1, 1, 1, 1, 2, 3]);
  const sides = draw.chance(20) ? [2, 4, 2, 1] : [1, 3, 3, 5];
  const size = { height: draw.pick(sides), width: draw.pick(sides) };
  const anchor = draw.chance(15) && {
    anchor: { height: draw.integer(1, size.height), width: draw.integer(1, size.width) },
  };
  const shape = { groups, entering, out, stride, dilation, size, ...anchor };
  const block = drawBlock(draft, { name: "Sample", ...shape, depth: 2 });
  const [height, width] = [
    draw.integer(options.least, options.most),
    draw.integer(options.least, options.most),
  ];
  return {
    text: [...draft.declarations, block].join("\n"),
    entry: `Sample(${out})`,
    shape: [height, width, entering],
    stride,
    seed: draw.integer(0, 1_000_000),
  };
}

export interface BlockPlan {
  readonly name: string;
  readonly groups: number;
  readonly entering: number;
  readonly out: number;
  readonly stride: number;
  /** Of the promise; sizes and anchors count taps. */
  readonly dilation: number;
  readonly size: Frame;
  /** The promised tap over the output's position; absent: the middle. */
  readonly anchor?: Frame;
  /** Levels of groups and blocks that may still be nested. */
  readonly depth: number;
}

/** The text of a block declaration. */
export function drawBlock(draft: FileDraft, plan: BlockPlan): string {
  const { draw } = draft;
  const { name, groups, entering, out, stride, dilation, size, anchor, depth } = plan;
  if (anchor) return drawAnchoredBlock(draft, { ...plan, anchor });
  const bias = draw.chance(40);
  const context = { groups, wanted: out, bias, dilation, needsTaps: stride > 1, depth };
  const behind = drawThen(draft, plan, context);
  const inner = { height: size.height - behind.height + 1, width: size.width - behind.width + 1 };
  const branches = Array.from({ length: draw.integer(1, 3) }, (_, index) => {
    const copies = draw.chance(15) ? "[2]" : "";
    const reach = drawReach(draw, inner, behind.height * behind.width > 1 && index === 0);
    const chain = drawChain(draft, context, entering, out, reach);
    return `  branch b${index}${copies} = ${chain}${draw.chance(10) ? " when out >= 1" : ""}`;
  });
  const details = [
    `${size.height}x${size.width}`,
    ...(stride > 1 ? [`stride: ${stride}`] : []),
    ...(groups > 1 ? [`groups: ${groups}`] : []),
    ...(dilation > 1 ? [`dilation: ${dilation}`] : []),
    ...(bias ? ["bias: true"] : []),
  ];
  const thens = behind.text === "" ? [] : [`  then ${behind.text}`];
  return [`block ${name} => conv(${details.join(", ")}) {`, ...branches, ...thens, "}"].join("\n");
}

/** A block whose promise stands on another tap than its middle: one branch fills it, the others stay around that tap. */
function drawAnchoredBlock(
  draft: FileDraft,
  {
    name,
    groups,
    entering,
    out,
    stride,
    dilation,
    size,
    anchor,
    depth,
  }: BlockPlan & {
    anchor: Frame;
  },
): string {
  const { draw } = draft;
  const context = { groups, wanted: out, bias: false, dilation, needsTaps: stride > 1, depth };
  const around = (taps: number, at: number) => 2 * Math.min(at - 1, taps - at) + 1;
  const inner = {
    height: around(size.height, anchor.height),
    width: around(size.width, anchor.width),
  };
  const print = ({ height, width }: Frame) => `${height}x${width}`;
  const placed = `${print(size)}, anchor: ${print(anchor)}`;
  const chains = [
    draw.chance(30)
      ? `flip(conv(${print(size)}, anchor: ${print(mirrored(size, anchor))}))`
      : `conv(${placed})`,
    ...Array.from({ length: draw.integer(0, 2) }, () =>
      drawChain(draft, context, entering, out, drawReach(draw, inner, false)),
    ),
  ];
  const branches = chains.map((chain, index) => `  branch b${index} = ${chain}`);
  const details = [
    placed,
    ...(stride > 1 ? [`stride: ${stride}`] : []),
    ...(groups > 1 ? [`groups: ${groups}`] : []),
    ...(dilation > 1 ? [`dilation: ${dilation}`] : []),
  ];
  const thens = draw.chance(40) ? [`  then ${drawPoints(draft)}`] : [];
  return [`block ${name} => conv(${details.join(", ")}) {`, ...branches, ...thens, "}"].join("\n");
}

/** The same tap, counted from the other end. */
function mirrored(size: Frame, { height, width }: Frame): Frame {
  return { height: size.height + 1 - height, width: size.width + 1 - width };
}

/** At most the frame, of its parity; all of it where the whole block has to fill its promise. */
function drawReach(draw: Draw, { height, width }: Frame, isFull: boolean): Frame {
  const side = (most: number) => most - 2 * draw.integer(0, Math.floor((most - 1) / 2));
  return isFull ? { height, width } : { height: side(height), width: side(width) };
}

type Context = Parameters<typeof drawChain>[1];

/** Affine ops behind the sum: usually without taps, sometimes a chain that takes two rows or columns of the promise. */
function drawThen(draft: FileDraft, { out, size, stride }: BlockPlan, context: Context) {
  const { draw } = draft;
  const nothing = { text: "", height: 1, width: 1 };
  const needsTaps = stride > 1;
  if (draw.chance(50)) return nothing;
  if (draw.chance(50)) return { ...nothing, text: drawPoints(draft) };
  const height = size.height >= 3 && draw.chance(30) ? 3 : 1;
  const width = size.width >= 3 && draw.chance(30) ? 3 : 1;
  const frame = { height, width };
  return { ...frame, text: drawChain(draft, { ...context, needsTaps }, out, out, frame) };
}
