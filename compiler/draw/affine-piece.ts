import type { Affine, AffineStep, NodeQuantizers } from "../ir/index.ts";
import { partsOf } from "../ir/index.ts";
import { badgeHeight, badgePiece, formatOf } from "./badges.ts";
import { boxPiece } from "./boxes.ts";
import { edge, placed, type Piece, type Shape } from "./shapes.ts";
import { linkLength, stack, type Link } from "./stack.ts";
import { stepContent } from "./step-content.ts";
import { concatPiece, splitPiece, sumOfPieces, type Branch } from "./parallel.ts";
import { runsOf, termSignature } from "./peers.ts";

/** Quantizers inside the branches, where the policy puts them there. */
export type StepQuantizers = ReadonlyMap<AffineStep, NodeQuantizers>;

/** A tree of affine ops as it trains: branches side by side. */
export function affinePiece(map: Affine, quantizers: StepQuantizers = new Map()): Piece {
  return draw(quantizers, [map]);
}

/** Trees of one structure, drawn once. */
function draw(quantizers: StepQuantizers, peers: readonly Affine[]): Piece {
  const [map] = peers;
  if (!map) throw new Error("repqc bug: nothing to draw");
  switch (map.kind) {
    case "step":
      return stepPiece(quantizers, map, peers as readonly AffineStep[]);
    case "chain":
      return chainPiece(quantizers, map.steps, peers);
    case "sum":
      if (isPlain(map)) return draw(quantizers, childrenAt(peers, 0));
      return sumOfPieces(sumBranches(quantizers, map, peers));
    case "concat":
      return concatPiece(partBranches(quantizers, map, peers));
    case "split":
      return splitPiece(partBranches(quantizers, map, peers));
  }
}

/** A sum of one term is that term. */
function isPlain({ terms }: Affine & { kind: "sum" }): boolean {
  return terms.length === 1 && terms[0]?.sign === 1;
}

function chainPiece(
  quantizers: StepQuantizers,
  steps: readonly Affine[],
  peers: readonly Affine[],
): Piece {
  const pieces = steps.map((_, index) => draw(quantizers, childrenAt(peers, index)));
  return stack(pieces, steps.slice(0, -1).map(linkBehind));
}

/** An edge says how many channels it has where that changes. */
function linkBehind(step: Affine): Link {
  return { length: linkLength, ...(step.in !== step.out && { label: String(step.out) }) };
}

function childrenAt(peers: readonly Affine[], index: number): readonly Affine[] {
  return peers.flatMap((peer) => partsOf(peer)[index] ?? []);
}

/** From so many equal branches on one is drawn for all. */
const leastCopies = 3;

function sumBranches(
  quantizers: StepQuantizers,
  map: Affine & { kind: "sum" },
  peers: readonly Affine[],
): readonly Branch[] {
  const indexed = map.terms.map((term, index) => ({ term, index }));
  const runs = runsOf(indexed, ({ term }) => termSignature(term));
  const shown = runs.flatMap((run) => (run.length < leastCopies ? run.map((one) => [one]) : [run]));
  return shown.flatMap((run): readonly Branch[] => {
    const [first] = run;
    if (!first) return [];
    const { sign, map: branch, name } = first.term;
    const own = run.flatMap(({ index }) => childrenAt(peers, index));
    const label = [name ?? "", ...(run.length > 1 ? [`× ${run.length}`] : [])].join(" ").trim();
    return [
      {
        piece: draw(quantizers, own),
        sign,
        entering: label,
        leaving: changedAtEnd(branch),
      },
    ];
  });
}

/** The last step's change of channels, which no edge inside the branch has said. */
function changedAtEnd(map: Affine): string {
  const last = map.kind === "chain" ? map.steps.at(-1) : map;
  return last && last.in !== last.out ? String(last.out) : "";
}

function partBranches(
  quantizers: StepQuantizers,
  map: Affine & { kind: "concat" | "split" },
  peers: readonly Affine[],
): readonly Branch[] {
  return map.parts.map((part, index) => ({
    piece: draw(quantizers, childrenAt(peers, index)),
    sign: 1,
    entering: map.kind === "split" ? String(part.in) : "",
    leaving: String(part.out),
  }));
}

function stepPiece(
  quantizers: StepQuantizers,
  step: AffineStep,
  peers: readonly AffineStep[],
): Piece {
  const copies = peers.length;
  const box = boxPiece({ ...stepContent(step), copies, paths: peers.map(({ path }) => path) });
  const kernel = peersBadge(quantizers, peers, "kernel");
  const input = peersBadge(quantizers, peers, "input");
  const whole = kernel ? withKernelBadge(box, kernel) : box;
  return input ? stack([input, whole], [{ length: 14 }]) : whole;
}

/** One badge for the quantizers of all peers: they have one setting. */
function peersBadge(
  quantizers: StepQuantizers,
  peers: readonly AffineStep[],
  of: keyof NodeQuantizers,
): Piece | undefined {
  const own = peers.flatMap((peer) => quantizers.get(peer)?.[of] ?? []);
  const [first] = own;
  return first && badgePiece(formatOf(first), [...new Set(own.map(({ path }) => path))]);
}

/** The quantizer of a kernel stands beside the convolution that uses it. */
function withKernelBadge(box: Piece, badge: Piece): Piece {
  const gap = 14;
  const y = box.height / 2;
  const shapes: readonly Shape[] = [
    ...box.shapes,
    ...placed(badge, box.width + gap, y - badgeHeight / 2),
    edge([
      { x: box.width + gap, y },
      { x: box.width, y },
    ]),
  ];
  return { ...box, width: box.width + gap + badge.width, shapes };
}
