import type { NetworkPlan } from "./network-plan.ts";
import type { Unit } from "./units.ts";

/**
 * Which level of the page each drawn unit stands at: below all that flows in. Lines to a sum run along its level, so a sum has one to itself;
 * those past other units run between the levels.
 */
export function levelsOf(
  { rows, sides }: NetworkPlan,
  units: readonly Unit[],
): ReadonlyMap<number, number> {
  const drawnBy = new Map(
    rows.flatMap((row) => row.units.map((unit) => [unit, row.units[0] ?? unit] as const)),
  );
  const before = new Map(rows.map((row, index) => [row.units[0], rows[index - 1]?.units[0]]));
  const besides = sides.flatMap((side) => side.units);
  const arms = new Map(sides.map(({ from, to, units: own }) => [to, own.at(-1) ?? from]));
  const drawn = [...before.keys(), ...besides].filter((unit) => unit !== undefined);
  const levels = new Map<number, number>();
  const isTaken = new Map<number, "sum" | "other">();
  for (const unit of drawn.toSorted((a, b) => a - b)) {
    const isSum = units[unit]?.nodes[0]?.kind === "add";
    const own = before.has(unit) ? [before.get(unit)] : (units[unit]?.inputs ?? []);
    const inputs = [...own, arms.get(unit)].flatMap((input) => input ?? []);
    let level = Math.max(
      -1,
      ...inputs.map((input) => levels.get(drawnBy.get(input) ?? input) ?? -1),
    );
    do level += 1;
    while (isSum ? isTaken.has(level) : isTaken.get(level) === "sum");
    levels.set(unit, level);
    isTaken.set(level, isSum ? "sum" : "other");
  }
  return levels;
}
