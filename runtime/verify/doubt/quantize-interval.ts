import {
  dequantize,
  gridOf,
  quantize,
  type Levels,
  type Range,
  type Value,
} from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";
import type { DoubtRow, DoubtSite } from "./doubt-site.ts";
import { positionOf } from "./doubt.ts";
import { roundHalf } from "./halves.ts";
import { certain, originsOf, type Interval } from "./interval.ts";

/** Levels at both ends, as the integer executor has them; then halves are rounded anew. */
export const quantizeInterval: DoubtRow = ([x, learned], site) => {
  if (!x || !learned) throw new Error("repqc bug: quantize needs a value and a step");
  const { attributes } = site.instruction;
  const bounds = { low: Number(attributes["low"]), high: Number(attributes["high"]) };
  const { step, range } = gridOf(dequantize(learned.low).data, bounds);
  const endOf = (value: Value): End => {
    const tensor = dequantize(value);
    return { tensor, ...quantize(tensor, step, range, site.path) };
  };
  const ends = [endOf(x.low), endOf(x.high)] as const;
  const origins = originsOf(x).data.slice();
  if (ends[0].ties + ends[1].ties > 0) roundHalves(ends, { step: step[0]!, range, origins }, site);
  return levelInterval(ends[0].value, ends[1].value, origins);
};

interface End {
  readonly tensor: HostTensor;
  readonly value: Levels;
  readonly ties: number;
}

interface Grid {
  readonly step: number;
  readonly range: Range;
  readonly origins: Float32Array;
}

function roundHalves([low, high]: readonly [End, End], grid: Grid, site: DoubtSite): void {
  const { origins } = grid;
  for (let i = 0; i < origins.length; i++) {
    const [down, up] = [low, high].map(({ tensor }) => halfOf(tensor.data[i]!, grid));
    if (down !== undefined) low.value.levels[i] = roundHalf(down, site.halves)[0];
    if (up === undefined) continue;
    high.value.levels[i] = roundHalf(up, site.halves)[1];
    if (origins[i] !== 0) continue;
    origins[i] = site.doubts.add("tie", site.path, positionOf(i, low.value.shape), up);
  }
}

/** The quotient where it lies halfway between two levels of the range. */
function halfOf(value: number, { step, range }: Grid): number | undefined {
  const quotient = Math.fround(value / step);
  const isHalf = quotient - Math.floor(quotient) === 0.5;
  return isHalf && quotient > range.low && quotient < range.high ? quotient : undefined;
}

function levelInterval(low: Levels, high: Levels, origins: Float32Array): Interval {
  let isCertain = true;
  for (let i = 0; i < origins.length; i++) {
    if (low.levels[i] === high.levels[i]) origins[i] = 0;
    else isCertain = false;
  }
  return isCertain ? certain(low) : { low, high, origins: { shape: low.shape, data: origins } };
}
