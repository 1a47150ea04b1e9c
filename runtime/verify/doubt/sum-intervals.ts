import { readGeometry } from "../../../compiler/ir/conv-geometry.ts";
import { dequantize, multipliers, scaleSums, type Levels } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";
import type { DoubtRow, DoubtSite } from "./doubt-site.ts";
import { positionOf } from "./doubt.ts";
import { convolveInterval, sumInterval, type SumInterval } from "./doubtful-sums.ts";
import { certain, interval, type Interval } from "./interval.ts";
import { convOrigin, sumOrigin } from "./window-origins.ts";

/** A convolution with its scaling and bias. */
export const convInterval: DoubtRow = ([x, kernel, bias], site) => {
  if (!x || !kernel) throw new Error("repqc bug: conv needs an input and a kernel");
  const geometry = readGeometry(site.instruction.attributes);
  const [levels, taps] = [x.low as Levels, kernel.low as Levels];
  const sums = convolveInterval(x, taps, geometry);
  const scale = {
    multiplier: multipliers(levels.step, taps.step),
    bias: bias && dequantize(bias.low),
  };
  return scaled(sums, scale, site, (index) => {
    const [n = 0, h = 0, w = 0, o = 0] = onMap(positionOf(index, sums.shape));
    return x.origins ? convOrigin(x.origins, taps, geometry, [n, h, w, o]) : 0;
  });
};

function onMap(position: readonly number[]): readonly number[] {
  const [n = 0, channel = 0] = position;
  return position.length === 2 ? [n, 0, 0, channel] : position;
}

/** A mean over all positions. */
export const meanInterval: DoubtRow = ([x], site) => {
  if (!x) throw new Error("repqc bug: global_avg needs an input");
  const { shape, step } = x.low as Levels;
  const [, height = 1, width = 1] = shape;
  const sums = sumInterval(x);
  const multiplier = step.map((each) => each / (height * width));
  return scaled(sums, { multiplier, bias: undefined }, site, (index) => {
    const [n = 0, c = 0] = positionOf(index, sums.shape);
    return x.origins ? sumOrigin(x.origins, n, c) : 0;
  });
};

interface Scale {
  readonly multiplier: Float32Array;
  readonly bias: HostTensor | undefined;
}

/** @param inherited number of a doubt that the sum at an index has from its operands, or 0 */
function scaled(
  { shape, low, high, isBeyond }: SumInterval,
  { multiplier, bias }: Scale,
  { path, doubts }: DoubtSite,
  inherited: (index: number) => number,
): Interval {
  const numbers = (sums: Float64Array) => scaleSums(sums, shape, multiplier, bias?.data);
  if (low === high) return certain(numbers(low));
  const data = new Float32Array(low.length);
  for (let i = 0; i < data.length; i++) {
    if (low[i] === high[i]) continue;
    data[i] = inherited(i);
    if (data[i] !== 0 || !isBeyond?.[i]) continue;
    data[i] = doubts.add("float32", path, positionOf(i, shape), (low[i]! + high[i]!) / 2);
  }
  return interval(numbers(low), numbers(high), { shape, data });
}
