import type { Bits, Cell, Method, Net } from "./cell.ts";
import type { CellResult } from "./store.ts";

/** A place of the table: all seeds of a net, a method and a number of bits. */
export interface Place {
  readonly net: Net;
  readonly method: Method;
  readonly bits: Bits;
}

/** What the planned cells came to, as far as they were run. */
export interface Findings {
  readonly planned: readonly Cell[];
  /** Finished cells of the plan. */
  readonly results: readonly CellResult[];
}

export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  /** Of how many seeds. */
  readonly count: number;
}

function isAt(place: Place, cell: Cell): boolean {
  return cell.net === place.net && cell.method === place.method && cell.bits === place.bits;
}

export function isPlanned({ planned }: Findings, place: Place): boolean {
  return planned.some((cell) => isAt(place, cell));
}

export function countPlanned({ planned }: Findings, place: Place): number {
  return planned.filter((cell) => isAt(place, cell)).length;
}

export function resultsAt({ results }: Findings, place: Place): readonly CellResult[] {
  return results.filter((cell) => isAt(place, cell));
}

/** Nothing where nothing was run. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  if (numbers.length === 0) return undefined;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return {
    mean,
    least: Math.min(...numbers),
    most: Math.max(...numbers),
    count: numbers.length,
  };
}

/** How much better one place is than another, seed by seed: both see the same images in the same order. */
export function differenceOf(findings: Findings, one: Place, other: Place): Spread | undefined {
  const others = new Map(resultsAt(findings, other).map(({ seed, score }) => [seed, score]));
  const differences = resultsAt(findings, one).flatMap(({ seed, score }) => {
    const beside = others.get(seed);
    return beside === undefined ? [] : [score - beside];
  });
  return spreadOf(differences);
}
