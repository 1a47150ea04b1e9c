import type { Island, NodeId, NodeQuantizers, StatisticsMode, ValueType } from "../ir/index.ts";
import { affinePiece } from "./affine-piece.ts";
import { badgePiece, formatOf } from "./badges.ts";
import { boxPiece } from "./boxes.ts";
import type { Drawing } from "./drawing.ts";
import { mergedPiece, type MergedForm } from "./merged-piece.ts";
import { isNormalized, printShape } from "./numbers.ts";
import { branchQuantizers } from "./quantizer-list.ts";
import { placed, text, widthOf, type Piece, type Shape } from "./shapes.ts";
import { linkLength, stack } from "./stack.ts";
import { mapContent } from "./step-content.ts";
import type { Unit } from "./units.ts";

const none: NodeQuantizers = {};
const ofBatch: StatisticsMode = { mode: "batch", options: {} };

/** A block as it is written: its branches, and what follows them. */
export function writtenForm(unit: Unit, { model, on, quantizers }: Drawing): Piece {
  const inBranches = (island: Island, id: NodeId) =>
    on === "branches" ? branchQuantizers(island, quantizers.get(id) ?? none) : undefined;
  const pieces = piecesOf(unit, quantizers, (island, id) =>
    affinePiece(island.body, inBranches(island, id)),
  );
  return withEnds(pieces, endsOf(unit, model.nodes));
}

/** The same block as what it becomes. */
export function mergedForm(unit: Unit, drawing: Drawing): Piece {
  const pieces = piecesOf(unit, drawing.quantizers, (island, id) =>
    mergedPiece(island, formOf(island, id, drawing)),
  );
  return withEnds(pieces, endsOf(unit, drawing.model.nodes));
}

/** Only RepQ merges while it trains, and so measures. */
function formOf(
  island: Island,
  id: NodeId,
  { on, quantizers, statistics, trainsMerged }: Drawing,
): MergedForm {
  const own = quantizers.get(id) ?? none;
  const isQuantized = own.input !== undefined || own.kernel !== undefined;
  const isRepQ = (isQuantized && on === "merged") || (!isQuantized && trainsMerged);
  const measured = isRepQ && isNormalized(island) ? (statistics.get(id) ?? ofBatch) : undefined;
  return {
    quantizers: on === "branches" ? none : own,
    statistics: measured?.mode === "frozen" ? undefined : measured,
    isPlain: on === "after_merge",
  };
}

function piecesOf(
  { nodes, ids }: Unit,
  quantizers: Drawing["quantizers"],
  drawIsland: (island: Island, id: NodeId) => Piece,
): readonly Piece[] {
  return nodes.flatMap((node, index): readonly Piece[] => {
    const id = ids[index] ?? 0;
    if (node.kind === "island") return [drawIsland(node, id)];
    if (node.kind !== "map") return [];
    const box = boxPiece({ ...mapContent(node.op, node.params), paths: [node.path] });
    const input = quantizers.get(id)?.input;
    if (!input) return [box];
    return [stack([badgePiece(formatOf(input), [input.path]), box], [{ length: 14 }])];
  });
}

interface Ends {
  readonly from: string;
  readonly to: string;
}

function endsOf({ nodes }: Unit, all: Drawing["model"]["nodes"]): Ends {
  const [first] = nodes;
  const last = nodes.at(-1);
  const input = first && first.kind !== "input" && first.kind !== "add" ? first.input : 0;
  const shape = (type: ValueType | undefined) => (type ? printShape(type) : "");
  return { from: shape(all[input]?.type), to: shape(last?.type) };
}

/** Arrows in and out, with the shapes of what flows. */
function withEnds(pieces: readonly Piece[], { from, to }: Ends): Piece {
  const links = pieces.slice(1).map(() => ({ length: linkLength }));
  return stack(
    [endPiece(from), stack(pieces, links), endPiece(to)],
    [{ length: linkLength }, { length: linkLength }],
  );
}

/** A piece below a line that says what it is. */
export function captioned(piece: Piece, caption: string): Piece {
  const head = endPiece(caption);
  const axis = Math.max(head.axis, piece.axis);
  const right = Math.max(head.width - head.axis, piece.width - piece.axis);
  const y = head.height + 16;
  const shapes = [...placed(head, axis - head.axis, 0), ...placed(piece, axis - piece.axis, y)];
  return { width: axis + right, height: y + piece.height, axis, shapes };
}

function endPiece(label: string): Piece {
  const width = widthOf(label, "note");
  const shapes: readonly Shape[] = [text(label, "note", { x: width / 2, y: 7 }, "middle")];
  return { width, height: 14, axis: width / 2, shapes };
}
