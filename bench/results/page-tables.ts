import { classifiers, enlarger, type Bits, type Method } from "./cell.ts";
import { methodNames, repqMethods } from "./methods.ts";
import {
  countPlanned,
  differenceOf,
  isPlanned,
  resultsAt,
  spreadOf,
  type Findings,
  type Place,
  type Spread,
} from "./summary.ts";

/** Where nothing is planned, and where something is planned and was not run. */
const [notPlanned, notRun] = ["", "not run"];

/** A table in Markdown. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, index) => (index < 2 ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

/** Accuracies of every classifier in percent. */
export function accuracyTable(findings: Findings): string {
  const bits: readonly Bits[] = [32, 8, 4];
  const rows = classifiers.flatMap((net) =>
    (Object.keys(methodNames) as Method[])
      .filter((method) => bits.some((b) => isPlanned(findings, { net, method, bits: b })))
      .map((method) => [
        net,
        methodNames[method],
        ...bits.map((b) => scoreText(findings, { net, method, bits: b }, percent)),
      ]),
  );
  return table(["net", "training", "32 bits", "8 bits", "4 bits"], rows);
}

/** RepQ less Merged, in percentage points. */
export function differenceTable(findings: Findings): string {
  const text = (place: Place): string => {
    if (!isPlanned(findings, place)) return notPlanned;
    const difference = differenceOf(findings, place, { ...place, method: "merged" });
    return difference ? differenceText(difference) : notRun;
  };
  const rows = classifiers.flatMap((net) =>
    repqMethods
      .filter((method) => isPlanned(findings, { net, method, bits: 4 }))
      .map((method) => [
        net,
        methodNames[method],
        text({ net, method, bits: 8 }),
        text({ net, method, bits: 4 }),
      ]),
  );
  return table(["net", "training", "8 bits", "4 bits"], rows);
}

/** PSNR-Y of ECBSR in decibels. */
export function psnrTable(findings: Findings): string {
  const places: readonly (readonly [Method, Bits])[] = [
    ["imported", 32],
    ["unmerged", 32],
    ["equalized", 32],
    ["merged", 8],
    ["repq", 8],
    ["merged", 4],
    ["repq", 4],
  ];
  const rows = places.map(([method, bits]) => [
    methodNames[method],
    String(bits),
    scoreText(findings, { net: enlarger, method, bits }, (score) => score.toFixed(3)),
  ]);
  return table(["weights", "bits", "PSNR-Y on Set5, dB"], rows);
}

export function percent(share: number): string {
  return (100 * share).toFixed(2);
}

/** Mean and half the range over the seeds, and how many seeds where some are missing. */
function scoreText(findings: Findings, place: Place, text: (score: number) => string): string {
  const planned = countPlanned(findings, place);
  if (planned === 0) return notPlanned;
  const spread = spreadOf(resultsAt(findings, place).map(({ score }) => score));
  if (!spread) return notRun;
  const { mean, least, most, count } = spread;
  const range = count === 1 ? "" : ` ± ${text((most - least) / 2)}`;
  return text(mean) + range + seedsText(count, planned);
}

function seedsText(count: number, planned: number): string {
  return count === planned ? "" : ` (${count} of ${planned} seeds)`;
}

/** In percentage points. */
export function differenceText({ mean, least, most, count }: Spread): string {
  if (count === 1) return `${signed(mean)} (1 seed)`;
  return `${signed(mean)} (${signed(least)} to ${signed(most)})`;
}

export function signed(share: number): string {
  const text = percent(Math.abs(share));
  return Number(text) === 0 ? text : `${share < 0 ? "-" : "+"}${text}`;
}
