import type { AffineStep } from "../ir/index.ts";
import { declarationsOf } from "../ir/index.ts";
import type { AnyMapOp, Op, Param } from "../ops/index.ts";
import type { BoxContent } from "./boxes.ts";
import { tapsOf } from "./kernel-taps.ts";

/** What the box of a step says: its op and size, its arguments that are not the usual ones, and its taps. */
export function stepContent(step: AffineStep): BoxContent {
  const { op, params, isFlipped } = step;
  const notes = [...unusual(op, params), ...(isFlipped ? ["flipped"] : [])];
  const taps = tapsOf(step);
  return {
    role: roleOf(step),
    name: named(op, params, taps),
    note: notes.join(", "),
    ...(taps && { taps }),
  };
}

export function mapContent(op: AnyMapOp, params: AffineStep["params"]): BoxContent {
  return {
    role: "barrier",
    name: named(op, params, undefined),
    note: unusual(op, params).join(", "),
  };
}

function roleOf(step: AffineStep): BoxContent["role"] {
  const declared = Object.values(declarationsOf(step));
  if (declared.some(({ kind }) => kind === "kernel")) return "kernel";
  return declared.length > 0 ? "channel" : "fixed";
}

/** `conv 3×3`; of an op whose taps are a picture, if that can be read. */
function named(op: Op, params: AffineStep["params"], taps: BoxContent["taps"]): string {
  const size = params["size"];
  if (isSize(size)) return `${op.name} ${printSize(size)}`;
  if (taps && op.kind === "affine" && "taps" in params)
    return `${op.name} ${printSize(op.taps(params))}`;
  return op.name;
}

/** Said in the name, in the picture or on the edge behind the box; or about how weights begin and statistics follow, not what is computed. */
const unsaid: ReadonlySet<string> = new Set([
  "size",
  "taps",
  "out",
  "init",
  "gain",
  "deviation",
  "momentum",
]);

function unusual(op: Op, params: AffineStep["params"]): readonly string[] {
  const declared = op.params as Readonly<Record<string, Param<unknown>>>;
  return Object.entries(declared).flatMap(([name, param]) => {
    const value = params[name];
    if (unsaid.has(name) || value === undefined || value === param.default) return [];
    if (typeof value === "boolean") return [value ? name : `no ${name}`];
    if (isSize(value)) return [`${name} ${printSize(value)}`];
    return [`${name} ${typeof value === "number" ? Number(value.toPrecision(4)) : String(value)}`];
  });
}

export interface Sides {
  readonly height: number;
  readonly width: number;
}

export function printSize({ height, width }: Sides): string {
  return `${height}×${width}`;
}

function isSize(value: unknown): value is Sides {
  return typeof value === "object" && value !== null && "height" in value && "width" in value;
}
