import type { Quantizer } from "../ir/index.ts";
import { text, widthOf, type Badge, type Piece, type Shape } from "./shapes.ts";

/** `u4`, `s8`: signed or not, and how many bits. */
export function formatOf({ bits, low }: Quantizer): string {
  return `${low < 0 ? "s" : "u"}${bits}`;
}

/** `-8 … 7`. */
export function rangeOf({ low, high }: Quantizer): string {
  return `${low < 0 ? `−${-low}` : low} … ${high}`;
}

export const badgeHeight = 18;

/** A quantizer's pill; `axis` is its middle. */
export function badgePiece(label: string, paths: readonly string[]): Piece {
  const width = Math.ceil(widthOf(label, "badge") + 16);
  const badge: Badge = { kind: "badge", x: 0, y: 0, width, height: badgeHeight, paths };
  const shapes: readonly Shape[] = [
    badge,
    text(label, "badge", { x: width / 2, y: badgeHeight / 2 }, "middle"),
  ];
  return { width, height: badgeHeight, axis: width / 2, shapes };
}
