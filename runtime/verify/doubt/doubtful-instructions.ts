/**
 * The table of doubt: what engines may make of each instruction of a deploy graph, as bounds. `quantize`, `conv` and `global_avg` can bring in
 * doubts; everything else passes on those of its operands, with the integer executor's own arithmetic at both ends (a rounded operation of
 * floats is monotonic where the operation is).
 */
import { dequantize, integerInstructions, type Value } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";
import type { DoubtRow as Row, DoubtSite } from "./doubt-site.ts";
import { certain, interval, originsOf, type Interval } from "./interval.ts";
import { quantizeInterval } from "./quantize-interval.ts";
import { convInterval, meanInterval } from "./sum-intervals.ts";
import { poolOrigins } from "./window-origins.ts";

function execute(args: readonly Value[], site: DoubtSite): HostTensor {
  const row = integerInstructions[site.instruction.op];
  if (!row) throw new Error(`repqc bug: the integer executor has no ${site.instruction.op}`);
  return dequantize(row(args, site));
}

/** Operations that only move numbers. */
const rearranging: Row = (args, site) => {
  if (args.every(({ origins }) => !origins)) return exact(args, site);
  const [low, high, origins] = [
    args.map((arg) => arg.low),
    args.map((arg) => arg.high),
    args.map(originsOf),
  ].map((each) => execute(each, site));
  return interval(low!, high!, origins!);
};

/** Operations of numbers at one place, monotonic in each operand on either side of zero. */
const pointwise: Row = (args, site) => {
  if (args.every(({ origins }) => !origins)) return exact(args, site);
  const results = samples(args).map((each) => execute(each, site));
  const [first] = results as [HostTensor];
  const bound = (pick: (...numbers: number[]) => number): HostTensor => {
    const data = first.data.map((_, i) => pick(...results.map((each) => each.data[i]!)));
    return { shape: first.shape, data };
  };
  const doubtful = args.flatMap(({ origins }) => origins ?? []);
  const data = first.data.map((_, i) => doubtful.find((each) => each.data[i])?.data[i] ?? 0);
  return interval(bound(Math.min), bound(Math.max), { shape: first.shape, data });
};

/** Every choice of ends, and of the number nearest to zero between them. */
function samples(args: readonly Interval[]): readonly (readonly Value[])[] {
  return args.reduce<readonly (readonly Value[])[]>(
    (before, arg) => ends(arg).flatMap((end) => before.map((chosen) => [...chosen, end])),
    [[]],
  );
}

function ends({ low, high, origins }: Interval): readonly Value[] {
  if (!origins) return [low];
  const [a, b] = [dequantize(low), dequantize(high)];
  const nearest = a.data.map((number, i) => Math.max(number, Math.min(b.data[i]!, 0)));
  return [a, b, { shape: a.shape, data: nearest }];
}

function exact(args: readonly Interval[], site: DoubtSite): Interval {
  return certain(
    execute(
      args.map(({ low }) => low),
      site,
    ),
  );
}

const maxPool: Row = (args, site) => {
  const [x] = args;
  if (!x?.origins) return exact(args, site);
  const [low, high] = [x.low, x.high].map((end) => execute([end], site)) as [
    HostTensor,
    HostTensor,
  ];
  const { size, stride, pads } = site.instruction.attributes;
  const window = { size: size as number[], stride: Number(stride), pads: pads as number[] };
  return interval(low, high, poolOrigins(dequantize(x.high), x.origins, high, window));
};

export const doubtfulInstructions: Readonly<Record<string, Row>> = {
  quantize: quantizeInterval,
  conv: convInterval,
  global_avg: meanInterval,
  relu: pointwise,
  negate: pointwise,
  prelu: pointwise,
  scale_channels: pointwise,
  add_channels: pointwise,
  add: pointwise,
  subtract: pointwise,
  pad: rearranging,
  crop: rearranging,
  slice_channels: rearranging,
  concat_channels: rearranging,
  max_pool: maxPool,
  tile: rearranging,
  depth_to_space: rearranging,
};
