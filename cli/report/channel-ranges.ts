import type { ArrayKernel } from "../../compiler/algebra/arrays.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import type { BranchKernel } from "./branch-kernels.ts";
import { medianOf } from "./quantizer-numbers.ts";

/** Channels wider than so many medians stand out. */
export const wideFactor = 3;

/** Largest magnitudes per output channel: of a merged kernel and of what each branch adds to it. */
export interface ChannelRanges {
  readonly merged: Float64Array;
  readonly branches: readonly { readonly name: string; readonly ranges: Float64Array }[];
  /** Over the channels that are not zero. */
  readonly median: number;
  /** Beyond this a channel stands out: {@link wideFactor} medians. */
  readonly limit: number;
  /** The channels beyond, widest first. */
  readonly wide: readonly WideChannel[];
  /** Channels whose merged kernel is zero. */
  readonly empty: number;
  /** The branch without which the median channel would be narrowest, and how many times narrower; absent without branches. */
  readonly stretched?: Stretch;
}

export interface Stretch {
  readonly branch: string;
  /** Infinity where nothing else is in the kernel. */
  readonly factor: number;
}

export interface WideChannel {
  readonly channel: number;
  readonly range: number;
  /** The branch that contributes most at the channel's largest number, and its share of that; branches of other sign can push it beyond 1. */
  readonly branch?: { readonly name: string; readonly share: number };
}

/** @param merged HWIO */
export function channelRanges(
  merged: HostTensor,
  branches: readonly BranchKernel[],
): ChannelRanges {
  const out = merged.shape.at(-1) ?? 1;
  const ranges = largestByChannel(merged.data, out);
  const filled = ranges.filter((range) => range > 0);
  const median = medianOf(filled);
  const limit = wideFactor * median;
  const wide = Array.from(ranges, (range, channel) => ({ range, channel }))
    .filter(({ range }) => range > limit)
    .toSorted((a, b) => b.range - a.range)
    .map(({ range, channel }) => ({ range, channel, ...blame(merged, branches, channel) }));
  const stretched = stretchOf(merged, branches, median);
  return {
    merged: ranges,
    branches: branches.map(({ name, kernel }) => ({ name, ranges: largestOf(kernel) })),
    median,
    limit,
    wide,
    empty: ranges.length - filled.length,
    ...(stretched && { stretched }),
  };
}

function largestOf({ data, out }: ArrayKernel): Float64Array {
  return largestByChannel(data, out);
}

/** The last axis are the output channels. */
function largestByChannel(data: ArrayLike<number>, out: number): Float64Array {
  const largest = new Float64Array(out);
  for (let index = 0; index < data.length; index++) {
    const channel = index % out;
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(data[index] ?? 0));
  }
  return largest;
}

function stretchOf(
  { data, shape }: HostTensor,
  branches: readonly BranchKernel[],
  median: number,
): Stretch | undefined {
  if (median === 0) return undefined;
  const found = branches.map(({ name, kernel }) => {
    const others = Float64Array.from(data, (value, index) => value - (kernel.data[index] ?? 0));
    const rest = medianOf(largestByChannel(others, shape.at(-1) ?? 1).filter((range) => range > 0));
    return { branch: name, factor: median / rest };
  });
  return found.toSorted((a, b) => b.factor - a.factor)[0];
}

function blame(
  { data, shape }: HostTensor,
  branches: readonly BranchKernel[],
  channel: number,
): Pick<WideChannel, "branch"> {
  const out = shape.at(-1) ?? 1;
  let place = channel;
  for (let index = channel; index < data.length; index += out) {
    if (Math.abs(data[index] ?? 0) > Math.abs(data[place] ?? 0)) place = index;
  }
  const whole = data[place] ?? 0;
  const [most] = branches
    .map(({ name, kernel }) => ({ name, share: (kernel.data[place] ?? 0) / whole }))
    .toSorted((a, b) => b.share - a.share);
  return most ? { branch: most } : {};
}
