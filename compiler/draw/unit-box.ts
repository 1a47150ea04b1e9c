import type { Island, MapNode, QuantizedModel } from "../ir/index.ts";
import { badgePiece, formatOf } from "./badges.ts";
import { boxPiece, sumPiece } from "./boxes.ts";
import { branchQuantizers, asPlaced, type Placed } from "./quantizer-list.ts";
import {
  placed,
  sheetOffset,
  sheetsOf,
  text,
  widthOf,
  type Box,
  type Piece,
  type Shape,
} from "./shapes.ts";
import { mapContent, printSize, stepContent } from "./step-content.ts";
import { shortened } from "./text-width.ts";
import type { Unit } from "./units.ts";

const padding = 10;
const tagSide = 20;
const boxHeight = 42;
const widestText = 220;
const badgeGap = 4;

/** Equal units as one box: what they are, what they become, and the formats of their quantizers. `copies`: how many of them it shows. */
export function unitPiece(
  peers: readonly Unit[],
  letter: string | undefined,
  quantized: QuantizedModel,
  { leastWidth = 0, copies = peers.length }: { leastWidth?: number; copies?: number } = {},
): Piece {
  const [first] = peers;
  const node = first?.nodes[0];
  if (!first || !node) throw new Error("repqc bug: a unit without nodes");
  if (node.kind === "input")
    return boxPiece({ role: "barrier", name: shortened(node.name, widestText, 13) });
  const badges = badgesOf(peers, quantized);
  const paths = peers.flatMap(({ nodes }) =>
    nodes.flatMap((one) => ("path" in one ? one.path : [])),
  );
  if (node.kind === "add") return summedPiece(paths, badges);
  return assemble({
    ...wordsOf(first, node),
    letter,
    badges,
    paths,
    copies,
    leastWidth,
  });
}

/** The formats of the operands stand to the left of the circle: what goes past the column joins from the right. */
function summedPiece(paths: readonly string[], badges: readonly Piece[]): Piece {
  const sum = sumPiece(paths);
  const width = badges.reduce((total, badge) => total + badge.width + badgeGap, 0);
  const shapes: Shape[] = [...placed(sum, width, 0)];
  let x = 0;
  for (const badge of badges) {
    shapes.push(...placed(badge, x, (sum.height - badge.height) / 2));
    x += badge.width + badgeGap;
  }
  return { width: width + sum.width, height: sum.height, axis: width + sum.axis, shapes };
}

interface Words {
  readonly role: Box["role"];
  readonly name: string;
  readonly note: string;
}

function wordsOf({ nodes }: Unit, node: Island | MapNode): Words {
  if (node.kind === "map") {
    const { name, note = "" } = mapContent(node.op, node.params);
    return { role: "barrier", name, note };
  }
  const [, ...rest] = nodes;
  const behind = rest.map((one) =>
    one.kind === "island" ? printConv(one) : one.kind === "map" ? one.op.name : "",
  );
  if (node.body.kind === "step" && rest.length === 0) {
    const { name, note = "", role } = stepContent(node.body);
    return { role, name, note };
  }
  return { role: "block", name: node.label, note: [printConv(node), ...behind].join(", ") };
}

function printConv({ promised: { size, dilation, stride, groups }, body, type }: Island): string {
  if (type.kind === "features") return "dense";
  const isDepthwise = groups > 1 && groups === body.in && groups === body.out;
  const name = `${isDepthwise ? "depthwise" : "conv"} ${printSize(size)}`;
  const notes = [
    ...(dilation > 1 ? [`dilation ${dilation}`] : []),
    ...(stride > 1 ? [`stride ${stride}`] : []),
    ...(groups > 1 && !isDepthwise ? [`groups ${groups}`] : []),
  ];
  return [name, ...notes].join(" ");
}

/** `x u4`, `K s4`: one badge for the quantizers of a format. */
function badgesOf(peers: readonly Unit[], quantized: QuantizedModel): readonly Piece[] {
  const paths = new Map<string, string[]>();
  for (const { of, quantizer } of peers.flatMap((unit) => quantizersIn(unit, quantized))) {
    const label = `${of} ${formatOf(quantizer)}`;
    paths.set(label, [...(paths.get(label) ?? []), quantizer.path]);
  }
  return [...paths].map(([label, own]) => badgePiece(label, [...new Set(own)]));
}

function quantizersIn({ nodes, ids }: Unit, { quantizers, on }: QuantizedModel): readonly Placed[] {
  return nodes.flatMap((node, index) => {
    const own = quantizers.get(ids[index] ?? -1) ?? {};
    if (node.kind !== "island" || on !== "branches") return asPlaced(own);
    return [...branchQuantizers(node, own).values()].flatMap(asPlaced);
  });
}

interface Parts extends Words {
  readonly letter: string | undefined;
  readonly badges: readonly Piece[];
  readonly paths: readonly string[];
  readonly copies: number;
  readonly leastWidth: number;
}

/** The letter, the words, the badges, from left to right; how many times beside the box. */
function assemble(parts: Parts): Piece {
  const { role, name, note, letter, badges, paths, copies, leastWidth } = parts;
  const words = [shortened(name, widestText, 13), shortened(note, widestText, 11)] as const;
  const textX = padding + (letter === undefined ? 2 : tagSide + 8);
  const textWidth = Math.max(widthOf(words[0], "name"), widthOf(words[1], "note"));
  const badgesWidth = badges.reduce((total, badge) => total + badge.width + badgeGap, 10);
  const room = textX + textWidth + padding + (badges.length > 0 ? badgesWidth : 0);
  const width = Math.ceil(Math.max(leastWidth, room));
  const height = note === "" && letter === undefined ? 30 : boxHeight;
  const box: Box = { kind: "box", role, copies, paths, x: 0, y: 0, width, height };
  const shapes: Shape[] = [box];
  if (letter !== undefined) shapes.push(...tag(letter, padding, (height - tagSide) / 2));
  const [nameY, noteY] = note === "" ? [height / 2, 0] : [14, 30];
  shapes.push(text(words[0], "name", { x: textX, y: nameY }));
  if (note !== "") shapes.push(text(words[1], "note", { x: textX, y: noteY }));
  let x = width - padding - badgesWidth + 14;
  for (const badge of badges) {
    shapes.push(...placed(badge, x, (height - badge.height) / 2));
    x += badge.width + badgeGap;
  }
  const beyond = sheetsOf(box) * sheetOffset;
  const times = copies > 1 ? `× ${copies}` : "";
  const timesX = width + beyond + 8;
  if (times !== "") shapes.push(text(times, "heading", { x: timesX, y: height / 2 }));
  const whole = times === "" ? width : timesX + widthOf(times, "heading");
  return { width: whole, height: height + beyond, axis: width / 2, shapes };
}

/** The letter of a kind in its circle. */
export function tag(letter: string, x: number, y: number): readonly Shape[] {
  const box: Box = {
    kind: "box",
    role: "tag",
    copies: 1,
    paths: [],
    x,
    y,
    width: tagSide,
    height: tagSide,
  };
  const middle = { x: x + tagSide / 2, y: y + tagSide / 2 };
  return [box, text(letter, "letter", middle, "middle")];
}
