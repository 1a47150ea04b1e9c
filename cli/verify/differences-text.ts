import type { Difference, Unexplained, VerificationRow } from "../../runtime/verify/index.ts";
import { grouped } from "../table.ts";

/** Differences that are listed for each engine; a file of `--out` has all that were kept. */
const mostListed = 10;

/** Where an engine differs, and why; nothing where it does not. */
export function differencesText({ name, found }: VerificationRow): readonly string[] {
  if (found.kind === "missing" || found.kind === "failed") return [];
  const { differences } = found;
  if (differences.length === 0) return [];
  const ordered = differences.toSorted((a, b) => Number(isExplained(a)) - Number(isExplained(b)));
  const unit = found.kind === "bits" ? "steps" : "of terms";
  const lines = ordered.slice(0, mostListed).map((one) => lineOf(one, unit));
  const wrong = found.kind === "bits" ? found.differing : found.beyond;
  const more = wrong > lines.length ? [`  ... and ${grouped(wrong - lines.length)} more`] : [];
  return [[`${name}:`, ...lines, ...more].join("\n")];
}

function isExplained({ doubt, unexplained }: Difference): boolean {
  return doubt !== undefined && unexplained === undefined;
}

function lineOf({ position, expected, found, size, doubt, unexplained }: Difference, unit: string) {
  const distance = `${numberText(size)} ${unit}`;
  const reasons = [
    ...(doubt ? [doubtText(doubt)] : []),
    ...(unexplained ? [`NOT explained: ${texts[unexplained]}`] : []),
  ];
  const why = reasons.length > 0 ? `; ${reasons.join("; ")}` : "";
  return `  output ${placeText(position)} is ${found} instead of ${expected}, ${distance}${why}`;
}

const texts: Readonly<Record<Unexplained, string>> = {
  "nothing in doubt": "all that it depends on is exact in any engine",
  "beyond the doubt": "no way of rounding that gives this number",
  "more than a step": "more than a step, and no one rule for halves gives this example's outputs",
  "not examined": "not looked at, since other examples decide the verdict",
};

function doubtText({ kind, path, position, value }: NonNullable<Difference["doubt"]>): string {
  const place = `${path} ${placeText(position)}`;
  return kind === "tie"
    ? `a tie at ${place}, where the quotient is ${value}`
    : `the sum at ${place}, about ${grouped(Math.round(value))}, has terms beyond 2^24`;
}

function placeText(position: readonly number[]): string {
  return `[${position.join(", ")}]`;
}

/** Three digits. */
export function numberText(number: number): string {
  if (!Number.isFinite(number)) return "infinite";
  if (number !== 0 && Math.abs(number) < 1e-3) return number.toExponential(2);
  return String(Number(number.toPrecision(3)));
}
