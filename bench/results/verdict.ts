import { methodNames, repqPlaces } from "./methods.ts";
import { differenceText } from "./page-tables.ts";
import { differenceOf, isPlanned, type Findings, type Place, type Spread } from "./summary.ts";

interface Compared {
  readonly place: Place;
  readonly other: "merged" | "branches";
  readonly difference: Spread;
}

/**
 * Where RepQ wins and where it does not, against Merged and against branches. It wins where it is better for every seed of two at least;
 * whoever has but one seed has no verdict.
 */
export function verdict(findings: Findings): string {
  const all = compareAll(findings);
  if (all.length === 0) return "No RepQ has been run beside what it is compared with.";
  const judged = all.filter(({ difference }) => difference.count >= 2);
  const wins = judged.filter(({ difference }) => difference.least > 0);
  const losses = judged.filter(({ difference }) => difference.most < 0);
  const ties = judged.filter((one) => !wins.includes(one) && !losses.includes(one));
  const single = all.filter(({ difference }) => difference.count === 1);
  return [
    ...list("RepQ is better for every seed:", wins),
    ...list("RepQ is **worse** for every seed:", losses),
    ...list("Neither is better for every seed, so RepQ does **not** win:", ties),
    ...list("One seed only, which decides nothing:", single),
  ].join("\n\n");
}

function compareAll(findings: Findings): readonly Compared[] {
  return repqPlaces.flatMap((place) =>
    (["merged", "branches"] as const).flatMap((other) => {
      const beside = { ...place, method: other };
      if (!isPlanned(findings, place) || !isPlanned(findings, beside)) return [];
      const difference = differenceOf(findings, place, beside);
      return difference ? [{ place, other, difference }] : [];
    }),
  );
}

function list(title: string, compared: readonly Compared[]): readonly string[] {
  if (compared.length === 0) return [];
  const lines = compared.map(({ place: { net, method, bits }, other, difference }) => {
    const text = `${net}, ${bits} bits, ${methodNames[method]}, against ${methodNames[other]}`;
    return `- ${text}: ${differenceText(difference)} points`;
  });
  return [title, lines.join("\n")];
}
