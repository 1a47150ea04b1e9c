import type { Island, NodeQuantizers, Quantizer, StatisticsMode } from "../ir/index.ts";
import { badgeHeight, badgePiece, formatOf, rangeOf } from "./badges.ts";
import { boxPiece, sumPiece, sumRadius } from "./boxes.ts";
import { fullTaps } from "./kernel-taps.ts";
import { edge, placed, text, widthOf, type Piece, type Shape } from "./shapes.ts";
import { besideLine, linkLength } from "./stack.ts";
import { printSize } from "./step-content.ts";

/** How an island's one convolution comes about. */
export interface MergedForm {
  readonly quantizers: NodeQuantizers;
  /** What the merge measures on the input while it trains; absent: it uses weights alone. */
  readonly statistics: StatisticsMode | undefined;
  /** Merged once before training goes on, so that kernel and bias are weights themselves. */
  readonly isPlain: boolean;
}

/** From the left side of the merge's box to the line of the kernel, and from its right side to that of the bias. */
const kernelInset = 30;
const biasInset = 18;
const besideBadge = 6;
const weightsRoom = 32;

/**
 * An island as the one convolution that it becomes: on the left what flows, on the right where kernel and bias come from, quantizers on their
 * ways into the convolution.
 */
export function mergedPiece(island: Island, form: MergedForm): Piece {
  const conv = convolutionPiece(island);
  const input = badgeWith(form.quantizers.input);
  const kernel = badgeWith(form.quantizers.kernel);
  const measured = form.statistics && `${form.statistics.mode} statistics`;
  const axis = Math.max(conv.axis, input.half + input.beside);
  const kernelX =
    axis +
    Math.max(conv.width - conv.axis + 26, measuredRoom(measured) + kernelInset, input.half + 30);
  const sourceX = kernelX - kernelInset;
  const kernelRoom = Math.max(kernel.half + kernel.beside, 2 * besideLine + 8);
  const source = sourcePiece(island, form, kernelInset + kernelRoom + 12 + biasInset);
  const biasX = sourceX + source.width - biasInset;
  const sourceY = form.isPlain ? 0 : weightsRoom;
  const sourceBottom = sourceY + source.height;
  const hasBadges = input.badge !== undefined || kernel.badge !== undefined;
  const badgeY = sourceBottom + 22;
  const convY = hasBadges ? badgeY + badgeHeight + 16 : sourceBottom + 26;
  const middleY = convY + conv.height / 2;
  const sumY = convY + conv.height + linkLength;
  const toConv = [
    { x: kernelX, y: middleY },
    { x: axis + conv.width - conv.axis, y: middleY },
  ];
  const shapes: readonly Shape[] = [
    ...measuring({ x: axis, y: sourceY + source.height / 2 }, sourceX, measured),
    ...(form.isPlain ? [] : weightsAbove(sourceX + source.width / 2)),
    ...placed(source, sourceX, sourceY),
    ...through(input, "end", badgeY, [{ x: axis, y: 0 }], [{ x: axis, y: convY }]),
    ...through(kernel, "start", badgeY, [{ x: kernelX, y: sourceBottom }], toConv),
    text("K", "note", { x: kernelX + besideLine, y: sourceBottom + 11 }),
    text("b", "note", { x: biasX + besideLine, y: sourceBottom + 11 }),
    ...placed(conv, axis - conv.axis, convY),
    edge([
      { x: axis, y: convY + conv.height },
      { x: axis, y: sumY },
    ]),
    edge([
      { x: biasX, y: sourceBottom },
      { x: biasX, y: sumY + sumRadius },
      { x: axis + sumRadius, y: sumY + sumRadius },
    ]),
    ...placed(sumPiece(), axis - sumRadius, sumY),
  ];
  return {
    width: sourceX + source.width,
    height: sumY + 2 * sumRadius,
    axis,
    shapes,
    isOpen: true,
  };
}

function convolutionPiece({ promised, type }: Island): Piece {
  const { size, dilation, stride, groups } = promised;
  const notes = [
    ...(dilation > 1 ? [`dilation ${dilation}`] : []),
    ...(stride > 1 ? [`stride ${stride}`] : []),
    ...(groups > 1 ? [`groups ${groups}`] : []),
  ];
  const taps = fullTaps(promised);
  return boxPiece({
    role: "merged",
    name: type.kind === "features" ? "dense" : `conv ${printSize(size)}`,
    note: notes.join(", "),
    ...(taps && { taps }),
  });
}

/** Where kernel and bias come from: the merge, or what it once gave. */
function sourcePiece(
  { body, promised: { size, groups }, path }: Island,
  { isPlain, statistics }: MergedForm,
  leastWidth: number,
): Piece {
  const shape = `${printSize(size)}×${body.in / groups}×${body.out}`;
  const from = statistics ? "x, W" : "W";
  return boxPiece({
    role: "merged",
    name: isPlain ? "K, b" : `K, b = M(${from})`,
    note: isPlain ? "merged once, then trained" : `${shape} and ${body.out}`,
    leastWidth,
    paths: [path],
  });
}

interface BadgeBeside {
  readonly badge: Piece | undefined;
  readonly label: string;
  /** Half the badge, and what stands beside it. */
  readonly half: number;
  readonly beside: number;
}

function badgeWith(quantizer: Quantizer | undefined): BadgeBeside {
  if (!quantizer) return { badge: undefined, label: "", half: 0, beside: 0 };
  const badge = badgePiece(formatOf(quantizer), [quantizer.path]);
  const label = `${rangeOf(quantizer)}, per ${quantizer.granularity}`;
  const beside = besideBadge + widthOf(label, "note");
  return { badge, label, half: badge.axis, beside };
}

type Points = Parameters<typeof edge>[0];

/** A line that passes a quantizer where there is one, with the quantizer's levels beside it. */
function through(
  { badge, label, half }: BadgeBeside,
  side: "start" | "end",
  y: number,
  before: Points,
  behind: Points,
): readonly Shape[] {
  const x = before[0]?.x ?? 0;
  if (!badge) return [edge([...before, ...behind])];
  const textX = x + (side === "start" ? 1 : -1) * (half + besideBadge);
  return [
    edge([...before, { x, y }], { hasHead: false }),
    ...placed(badge, x - half, y),
    text(label, "note", { x: textX, y: y + badgeHeight / 2 }, side),
    edge([{ x, y: y + badgeHeight }, ...behind]),
  ];
}

function measuredRoom(label: string | undefined): number {
  return label === undefined ? 0 : widthOf(label, "note") + 24;
}

/** RepQ takes means and variances from the very input that the convolution sees. */
function measuring(from: Points[number], toX: number, label: string | undefined): readonly Shape[] {
  if (label === undefined) return [];
  const middle = { x: (from.x + toX) / 2 - 2, y: from.y - 10 };
  return [
    { kind: "dot", ...from },
    edge([from, { x: toX, y: from.y }], { isDashed: true }),
    text(label, "note", middle, "middle"),
  ];
}

function weightsAbove(x: number): readonly Shape[] {
  return [
    text("weights W", "note", { x, y: 6 }, "middle"),
    edge([
      { x, y: 14 },
      { x, y: weightsRoom },
    ]),
  ];
}
