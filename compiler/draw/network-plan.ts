import type { QuantizedModel } from "../ir/index.ts";
import { exactSignature } from "./unit-signature.ts";
import type { Unit } from "./units.ts";

/** A row of a network's column: a unit, or as many equal ones as follow each other. */
export interface NetworkRow {
  /** Indices of the units that it stands for; the first is drawn. */
  readonly units: readonly number[];
}

/** Rows that together are repeated. */
export interface Repeat {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly times: number;
}

/** What goes past a part of the column and joins it again: a mere skip, or units of its own. */
export interface SidePath {
  readonly from: number;
  /** Index of the adding unit. */
  readonly to: number;
  readonly units: readonly number[];
}

export interface NetworkPlan {
  readonly rows: readonly NetworkRow[];
  readonly repeats: readonly Repeat[];
  /** Those that start and end in what is drawn. */
  readonly sides: readonly SidePath[];
}

/** The longest way through a network as a column of rows, what repeats drawn once, and what goes past it. */
export function planNetwork(
  quantized: QuantizedModel,
  units: readonly Unit[],
  output: number,
): NetworkPlan {
  const main = mainPath(units, output);
  const sides = sidePaths(units, main);
  const positions = new Map(main.map((unit, position) => [unit, position]));
  const keys = keysOf(quantized, units, positions, sides);
  const rows: NetworkRow[] = [];
  const repeats: Repeat[] = [];
  for (let at = 0; at < main.length;) {
    const { period, times } = longestRepeat(keys, at, (first, end) =>
      isClosed(positions, sides, first, end),
    );
    if (times > 1 && period > 1)
      repeats.push({ firstRow: rows.length, lastRow: rows.length + period - 1, times });
    for (let index = 0; index < period; index += 1) {
      const own = Array.from({ length: times }, (_, turn) => main[at + turn * period + index] ?? 0);
      rows.push({ units: own });
    }
    at += period * times;
  }
  return { rows, repeats, sides: visible(rows, sides) };
}

/** From the input to the output, at every sum through the longer arm. */
function mainPath(units: readonly Unit[], output: number): readonly number[] {
  const depths: number[] = [];
  const longer = (inputs: readonly number[]) =>
    inputs.reduce<number | undefined>(
      (best, input) => (best === undefined || at(depths, input) > at(depths, best) ? input : best),
      undefined,
    );
  for (const { inputs } of units) {
    const before = longer(inputs);
    depths.push(before === undefined ? 0 : at(depths, before) + 1);
  }
  const path: number[] = [];
  for (let unit: number | undefined = output; unit !== undefined;) {
    path.push(unit);
    unit = longer(units[unit]?.inputs ?? []);
  }
  return path.toReversed();
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}

/** The other arm of every sum, back to where it leaves what is placed already. */
function sidePaths(units: readonly Unit[], main: readonly number[]): readonly SidePath[] {
  const placed = new Set(main);
  const before = new Map(main.map((unit, index) => [unit, main[index - 1]]));
  const queue = [...main];
  const found: SidePath[] = [];
  for (let to = queue.shift(); to !== undefined; to = queue.shift()) {
    const [left, right] = units[to]?.inputs ?? [];
    if (left === undefined || right === undefined) continue;
    let from = left === before.get(to) ? right : left;
    const own: number[] = [];
    let behind = to;
    while (!placed.has(from)) {
      own.push(from);
      placed.add(from);
      const next: number = units[from]?.inputs[0] ?? 0;
      before.set(from, next);
      behind = from;
      from = next;
    }
    if (behind !== to) queue.push(...own);
    found.push({ from, to, units: own.toReversed() });
  }
  return found;
}

/** Equal rows have equal keys: what a unit is and, of a sum, how far back its other arm starts and what stands in it. */
function keysOf(
  quantized: QuantizedModel,
  units: readonly Unit[],
  positions: ReadonlyMap<number, number>,
  sides: readonly SidePath[],
): readonly string[] {
  const signatures = units.map((unit) => exactSignature(unit, quantized));
  const arms = new Map(
    sides.map(({ from, to, units: own }) => {
      const [start, end] = [positions.get(from), positions.get(to)];
      const distance =
        start === undefined || end === undefined ? `from ${from}` : String(end - start);
      return [to, [distance, ...own.map((unit) => signatures[unit])].join("/")];
    }),
  );
  return [...positions.keys()].map((unit) => `${signatures[unit]}|${arms.get(unit) ?? ""}`);
}

const longestPeriod = 12;

/** The repetition from here on that saves most rows. */
function longestRepeat(
  keys: readonly string[],
  start: number,
  isFree: (first: number, end: number) => boolean,
): { readonly period: number; readonly times: number } {
  let best = { period: 1, times: 1 };
  for (let period = 1; period <= longestPeriod; period += 1) {
    let length = period;
    while (start + length < keys.length && keys[start + length] === keys[start + length - period])
      length += 1;
    const times = Math.floor(length / period);
    const saves = period * (times - 1) > best.period * (best.times - 1);
    if (saves && isFree(start, start + period * times)) best = { period, times };
  }
  return best;
}

/** Only the last unit of a repetition may be used outside it: the others are not all drawn. */
function isClosed(
  positions: ReadonlyMap<number, number>,
  sides: readonly SidePath[],
  first: number,
  end: number,
): boolean {
  const isIn = (unit: number, stop: number) => {
    const position = positions.get(unit);
    return position !== undefined && position >= first && position < stop;
  };
  return sides.every(({ from, to }) => !isIn(from, end - 1) || isIn(to, end));
}

function visible(rows: readonly NetworkRow[], sides: readonly SidePath[]): readonly SidePath[] {
  const shown = new Set(rows.flatMap(({ units }) => units[0] ?? []));
  const drawnBy = new Map(
    rows.flatMap(({ units }) => units.map((unit) => [unit, units[0] ?? unit] as const)),
  );
  const kept: SidePath[] = [];
  for (const side of sides) {
    if (!shown.has(side.to)) continue;
    for (const unit of side.units) shown.add(unit);
    kept.push({ ...side, from: drawnBy.get(side.from) ?? side.from });
  }
  return kept;
}
