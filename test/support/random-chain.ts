import { drawBlock, type Draw, type FileDraft } from "./random-block.ts";

export interface Frame {
  readonly height: number;
  readonly width: number;
}

interface Context {
  readonly groups: number;
  /** The block's `out`. */
  readonly wanted: number;
  /** What convolutions inherit. */
  readonly bias: boolean;
  readonly dilation: number;
  /** Every chain must be able to take a stride. */
  readonly needsTaps: boolean;
  readonly depth: number;
}

/** The text of a chain that reaches exactly over `reach` and maps these channels. */
export function drawChain(
  draft: FileDraft,
  context: Context,
  entering: number,
  leaving: number,
  reach: Frame,
): string {
  const { draw } = draft;
  const pieces = drawPieces(draw, reach, context.needsTaps || entering !== leaving);
  let channels = entering;
  const items = pieces.flatMap((frame, index) => {
    const isLast = index === pieces.length - 1;
    const next = isLast || draw.chance(40) ? leaving : drawChannels(draw, context, channels);
    const before = draw.chance(25) ? [drawPoint(draft)] : [];
    const piece = drawPiece(draft, context, channels, next, frame);
    channels = next;
    return [...before, piece];
  });
  if (items.length === 0 || draw.chance(60)) items.push(drawPoint(draft));
  return items.join(" -> ");
}

/** How the reach is shared among ops with taps. */
function drawPieces(draw: Draw, { height, width }: Frame, isNeeded: boolean): readonly Frame[] {
  const isPoint = height * width === 1;
  const count = draw.integer(isNeeded || !isPoint ? 1 : 0, 2);
  let [rows, columns] = [height - 1, width - 1];
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    const own = isLast ? [rows, columns] : [draw.integer(0, rows), draw.integer(0, columns)];
    const [h = 0, w = 0] = own;
    rows -= h;
    columns -= w;
    return { height: h + 1, width: w + 1 };
  });
}

function drawChannels(draw: Draw, { groups }: Context, now: number): number {
  return draw.chance(50) ? now : groups * draw.integer(1, Math.max(1, Math.floor(5 / groups)));
}

/** An op without taps. */
function drawPoint({ draw, options }: FileDraft): string {
  const bn = options.isDyadic ? "bn(epsilon: 0.0)" : "bn(epsilon: 0.1)";
  return draw.pick([bn, bn, bn, "scale", "affine", "identity", "scale * 2", "negate"]);
}

export function drawPoints(draft: FileDraft): string {
  const count = draft.draw.integer(1, 2);
  return Array.from({ length: count }, () => drawPoint(draft)).join(" -> ");
}

function drawPiece(
  draft: FileDraft,
  context: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const { draw, options } = draft;
  const area = frame.height * frame.width;
  const canAverage = now === next && (!options.isDyadic || Number.isInteger(Math.log2(area)));
  const kinds = [
    ...Array.from({ length: 5 }, () => drawConv),
    ...(next % now === 0 ? [drawDepthwise] : []),
    ...(canAverage ? [() => `avg(${print(frame)}${apart(context)})`] : []),
    ...(now === next ? [drawFilter] : []),
    ...(context.groups === 1 && next <= now && area === 1 ? [drawSlice] : []),
    ...(context.depth > 0 ? [drawSum, drawSum, drawNested, drawFlip] : []),
    ...(context.depth > 0 && context.groups === 1 && next > 1 ? [drawConcat] : []),
    ...(context.depth > 0 && canSplit(context, now, next) ? [drawSplit, drawSplit] : []),
  ];
  return draw.pick(kinds)(draft, context, now, next, frame);
}

function drawConv(
  { draw }: FileDraft,
  { groups, wanted, bias, dilation: inherited }: Context,
  now: number,
  next: number,
  { height, width }: Frame,
): string {
  if (height * width > 1 && height % 2 === 1 && width % 2 === 1 && draw.chance(25))
    return drawAnchored(draw, { height, width }, next, inherited);
  const [rows, columns] = [height - 1, width - 1];
  const canDilate = rows + columns > 0 && rows % 2 === 0 && columns % 2 === 0;
  const dilation = canDilate && draw.chance(30) ? 2 : 1;
  const taps = { height: rows / dilation + 1, width: columns / dilation + 1 };
  const isOdd = taps.height % 2 === 1 && taps.width % 2 === 1;
  const residual = now === next && isOdd && draw.chance(20);
  const finer = [2, 3].map((n) => n * groups).filter((n) => now % n === 0 && next % n === 0);
  const own = finer.length > 0 && draw.chance(20) ? draw.pick(finer) : groups;
  const hasBias = draw.chance(50);
  const details = [
    print(taps),
    ...(next === wanted && !residual ? [] : [`out: ${next}`]),
    ...(own === groups ? [] : [`groups: ${own}`]),
    ...(dilation === 1 ? [] : [`dilation: ${dilation * inherited}`]),
    ...(hasBias === bias ? [] : [`bias: ${hasBias}`]),
    ...(residual ? ["residual: true"] : []),
  ];
  return `conv(${details.join(", ")})`;
}

/** A kernel around another tap than its middle, inside a frame around its middle. */
function drawAnchored(
  draw: Draw,
  { height, width }: Frame,
  next: number,
  dilation: number,
): string {
  const side = (taps: number) => {
    const anchor = draw.integer(1, (taps + 1) / 2);
    return { anchor, taps: anchor + draw.integer(0, (taps - 1) / 2) };
  };
  const [rows, columns] = [side(height), side(width)];
  const [size, anchor] = [`${rows.taps}x${columns.taps}`, `${rows.anchor}x${columns.anchor}`];
  return `conv(${size}, out: ${next}, dilation: ${dilation}, anchor: ${anchor})`;
}

/** What no promise hands on to fixed taps. */
function apart({ dilation }: Context): string {
  return dilation === 1 ? "" : `, dilation: ${dilation}`;
}

function drawSlice({ draw }: FileDraft, _: Context, now: number, next: number): string {
  return `slice(${draw.integer(0, now - next)}, ${next})`;
}

function drawFlip(
  draft: FileDraft,
  context: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const inner = { ...context, depth: context.depth - 1, needsTaps: true };
  return `flip(${drawChain(draft, inner, now, next, frame)})`;
}

/** Parts that yield any channels of their own. */
function drawConcat(
  draft: FileDraft,
  context: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const first = draft.draw.integer(1, next - 1);
  const parts = [first, next - first].map((own, index) =>
    drawChain(draft, partOf(context), now, own, index === 0 ? frame : smaller(draft.draw, frame)),
  );
  return `concat(${parts.join(", ")})`;
}

function canSplit({ groups }: Context, now: number, next: number): boolean {
  return now % (2 * groups) === 0 && next % (2 * groups) === 0;
}

/** Two halves; without groups they may also yield different numbers of channels. */
function drawSplit(
  draft: FileDraft,
  context: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const { draw } = draft;
  const isUneven = context.groups === 1 && draw.chance(30);
  const first = isUneven ? draw.integer(1, next - 1) : next / 2;
  const parts = [first, next - first].map((own, index) =>
    drawChain(draft, partOf(context), now / 2, own, index === 0 ? smaller(draw, frame) : frame),
  );
  return `split(${parts.join(", ")})`;
}

function partOf(context: Context): Context {
  const wanted = Math.max(1, Math.floor(context.wanted / 2));
  return { ...context, wanted, depth: context.depth - 1 };
}

function smaller(draw: Draw, { height, width }: Frame): Frame {
  const side = (taps: number) => taps - 2 * draw.integer(0, Math.floor((taps - 1) / 2));
  return { height: side(height), width: side(width) };
}

function drawDepthwise(
  { draw }: FileDraft,
  { bias }: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const multiplier = next === now ? "" : `, multiplier: ${next / now}`;
  const hasBias = draw.chance(50);
  return `depthwise(${print(frame)}${multiplier}${hasBias === bias ? "" : `, bias: ${hasBias}`})`;
}

function drawFilter(
  { draw, declarations }: FileDraft,
  context: Context,
  _: number,
  __: number,
  { height, width }: Frame,
): string {
  const row = () =>
    Array.from({ length: width }, () => draw.pick(["1", "-1", "2", "0.5", "-0.25", "0"]));
  const rows = Array.from({ length: height }, row);
  // A filter of zeros has no variance, which makes statistics meaningless.
  rows[0]![0] = "1";
  const name = `Filter${declarations.length}`;
  declarations.push(
    `kernel ${name} = [${rows.map((cells) => `[${cells.join(", ")}]`).join(", ")}]`,
  );
  return `filter(${name}${apart(context)})`;
}

function drawSum(
  draft: FileDraft,
  context: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const { draw } = draft;
  const inner = { ...context, depth: context.depth - 1 };
  const terms = [frame, smaller(draw, frame)].map((own) => drawChain(draft, inner, now, next, own));
  if (draw.chance(50)) terms.reverse();
  return `(${terms.join(draw.pick([" + ", " - "]))})`;
}

/** A block inside a chain (rule S8). */
function drawNested(
  draft: FileDraft,
  context: Context,
  now: number,
  next: number,
  frame: Frame,
): string {
  const { groups, depth, dilation } = context;
  const shape = { groups, entering: now, out: next, stride: 1, dilation, size: frame };
  const inner = { ...shape, depth: depth - 1 };
  const name = `Inner${draft.declarations.length}`;
  // Reserved before it is written, so that what it declares gets other names.
  const place = draft.declarations.push("") - 1;
  draft.declarations[place] = drawNestedBlock(draft, { ...inner, name }, context.needsTaps);
  return `${name}(${next})`;
}

function drawNestedBlock(
  draft: FileDraft,
  plan: Omit<Parameters<typeof drawBlock>[1], "needsTaps">,
  needsTaps: boolean,
): string {
  const { groups, dilation, entering, out, size, depth } = plan;
  const context = { groups, dilation, wanted: out, bias: false, needsTaps, depth };
  const full = drawChain(draft, context, entering, out, size);
  const details = [
    print(size),
    ...(groups > 1 ? [`groups: ${groups}`] : []),
    ...(dilation > 1 ? [`dilation: ${dilation}`] : []),
  ];
  const point = draft.draw.chance(40) ? `  then ${drawPoint(draft)}\n` : "";
  return `block ${plan.name} => conv(${details.join(", ")}) {\n  branch only = ${full}\n${point}}`;
}

function print({ height, width }: Frame): string {
  return `${height}x${width}`;
}
