import type { Size } from "../algebra/kernel-algebra.ts";
import type { Extent } from "./affine.ts";
import { tapsAlong, type Lattice } from "./lattice.ts";
import type { Promised } from "./model.ts";

/** What a block says of its promise, where the promise itself also has what follows from it. */
export interface Wording {
  readonly op: string;
  /** Without a size it is what the branches reach, which is a whole number of taps only where they fit together. */
  readonly hasSize: boolean;
  readonly hasDilation: boolean;
  /** Arguments that are about neither size, anchor nor dilation, by name, as they stand there. */
  readonly others: Readonly<Record<string, string>>;
}

interface Worded {
  readonly promised: Promised;
  /** Absent of ops that become a convolution outside a block, where nothing is promised. */
  readonly wording: Wording | undefined;
}

/** The taps of a promise in its own words: `conv(3x3, dilation: 2)`, or `conv(dilation: 2)` where it leaves the size to its branches. */
export function printTaps({ promised: { size, dilation }, wording }: Worded): string {
  const hasDilation = wording?.hasDilation ?? false;
  return print(wording, [
    ...(wording?.hasSize ? [printSize(size)] : []),
    ...(hasDilation && dilation > 1 ? [`dilation: ${dilation}`] : []),
  ]);
}

/** The same promise with other taps: all else as it says it. A padding that it says grows with them, so that outputs stay where they are. */
export function printOther({ promised, wording }: Worded, { extent, dilation }: Lattice): string {
  const hasSize = wording?.hasSize ?? false;
  const anchor = hasSize ? anchorOf(extent, dilation) : undefined;
  const pad = hasSize ? movedPad(promised, extent) : undefined;
  const others = Object.entries(wording?.others ?? {}).map(([name, text]) =>
    name === "pad" && pad !== undefined ? `pad: ${pad}` : `${name}: ${text}`,
  );
  return print(wording, [
    ...(hasSize ? [printSize(tapsAlong(extent, dilation))] : []),
    ...(dilation > 1 ? [`dilation: ${dilation}`] : []),
    ...others,
    ...(anchor ? [`anchor: ${printSize(anchor)}`] : []),
  ]);
}

function print(wording: Wording | undefined, details: readonly string[]): string {
  const op = wording?.op ?? "conv";
  return details.length === 0 ? op : `${op}(${details.join(", ")})`;
}

function printSize({ height, width }: Size): string {
  return `${height}x${width}`;
}

/** Nothing where it is the middle. */
function anchorOf([above, below, left, right]: Extent, dilation: number): Size | undefined {
  if (above === below && left === right) return undefined;
  return { height: above / dilation + 1, width: left / dilation + 1 };
}

/** Nothing where no single number would do. */
function movedPad({ pads, extent: before }: Promised, extent: Extent): number | undefined {
  const moved = pads.map((pad, index) => pad + (extent[index] ?? 0) - (before[index] ?? 0));
  const [first = 0] = moved;
  return first >= 0 && moved.every((pad) => pad === first) ? first : undefined;
}
