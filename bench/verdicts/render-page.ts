import { grouped } from "../../cli/table.ts";
import type { Cell } from "./cell.ts";
import type { CellVerdict, EngineVerdict } from "./verdict.ts";

/** A planned cell and what it came to, where it was run. */
export interface Finding {
  readonly cell: Cell;
  readonly verdict: CellVerdict | undefined;
}

/** `docs/verdicts.md`, of what has been run and what has not. */
export function renderPage(findings: readonly Finding[]): string {
  const sections = [
    opening,
    "## Outputs that differ from the training graph's",
    differencesText,
    differenceTable(findings),
    "## What merging costs",
    mergingText,
    mergingTable(findings),
    "## Sums, and sizes of the files",
    sumsText,
    sumsTable(findings),
    "## ECBSR on Set5",
    psnrText,
    psnrTable(findings),
    "## What is missing",
    missing(findings),
  ];
  return `${sections.join("\n\n")}\n`;
}

const opening = `# Verdicts

Made by \`npm run verdicts\`; do not edit. The command deploys models of the library at 8 and 4 bits and verifies them as \`repqc verify\` does: the outputs of every engine against those of the
training graph in mode \`eval\`, bit for bit, without tolerance. Finished cells are kept in \`out/verdicts\`, so that it can be stopped and started again. \`npm run verdicts -- --only Fashion,RepVGG-A0\` does
less; \`npm run verdicts -- --render-only\` makes this page of what is there.

Fashion is the demo's classifier, trained by its recipe on 8,000 images and run on all 10,000 test images. ECBSR-M4C16 enlarges colours twice; it begins with the published weights,
imported, equalized and unmerged, is trained with RepQ as \`npm run results\` does it, and is run on the five images of Set5. The others are networks for 224 x 224 pixels and 1,000 classes
that nobody has trained here: their weights are made to look trained (first kernels; scales and shifts of normalizations drawn at random; running statistics measured on
random crops of 8 photographs; first steps as training finds them), and they are run on 100 other random crops. These are of the same 8 photographs,
so the running statistics come from the pictures that the networks are run on.`;

const differencesText = `*Verdict* is how \`repqc verify\` ends: verified where no output differs, or for every difference a tie or a sum beyond 2^24 is shown that explains it. The merged graph and the GraphModel of TensorFlow.js are computed on the backend \`wasm\`, as is the training graph.`;

const mergingText = `Outputs of the merged convolutions against those of the branches, op by op, both in floating point and on the same inputs. Differences are relative to the terms of the output
(the last sum over magnitudes, |x|·|kernel| + |bias|). *Allowed* is 2^-24 of them for each rounding on the longest way through both graphs, *beyond* counts outputs that
differ by more.`;

const sumsText = `An engine that adds in float32 is exact up to 2^24 = 16,777,216. *Possible* is the largest partial sum that any input could cause with these weights, *met* the largest sum of these
inputs. *Ties* are quantized numbers exactly between two levels, which every engine here rounds to even. The files are ONNX, the float one is the same network without quantizers.`;

const psnrText = `PSNR-Y in decibels, the mean of the five images: luma, 2 pixels cropped at every edge, not rounded. All digits of the numbers are printed.`;

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

/** Every engine that some cell has run, in their order. */
function enginesOf(findings: readonly Finding[]): readonly string[] {
  const names = findings.flatMap(({ verdict }) => verdict?.rows.map(({ engine }) => engine) ?? []);
  return [...new Set(names)].filter((name) => name !== "training graph");
}

function differenceTable(findings: readonly Finding[]): string {
  const engines = enginesOf(findings);
  const rows = findings.map(({ cell, verdict }) => [
    nameOf(cell),
    verdict ? grouped(verdict.rows[0]?.compared ?? 0) : "not run",
    verdict ? verdictText(verdict) : "",
    ...engines.map((name) => differing(verdict?.rows.find(({ engine }) => engine === name))),
  ]);
  return table(["", "compared", "verdict", ...engines], rows);
}

function verdictText({ isVerified }: CellVerdict): string {
  return isVerified ? "verified" : "**NOT VERIFIED**";
}

/** An engine that broke off on one input has compared others. */
function differing(row: EngineVerdict | undefined): string {
  if (!row) return "";
  const { compared, problem } = row;
  if (problem === undefined) return countText(row);
  return compared === 0 ? problem : `${countText(row)} of ${grouped(compared)}; ${problem}`;
}

function countText({ differing: count, explained, largest }: EngineVerdict): string {
  if (count === 0) return "0";
  const ties = explained > 0 ? `, ${grouped(explained)} explained` : "";
  return `**${grouped(count)}**${ties}, by ${largest.toPrecision(3)} at most`;
}

function mergingTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ cell, verdict }) => {
    if (!verdict?.merging)
      return [nameOf(cell), verdict ? "merged already" : "not run", "", "", ""];
    const { compared, beyond, largestOfTerms, tolerance } = verdict.merging;
    const share = (number: number) => number.toExponential(2);
    return [
      nameOf(cell),
      grouped(compared),
      share(largestOfTerms),
      share(tolerance),
      grouped(beyond),
    ];
  });
  return table(["", "compared", "largest of terms", "allowed", "beyond"], rows);
}

function sumsTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ cell, verdict }) => {
    if (!verdict) return [nameOf(cell), "not run", "", "", "", "", "", ""];
    const { sums, bytes } = verdict;
    return [
      nameOf(cell),
      ...[sums.count, sums.bound, sums.largest, sums.beyondFloat, sums.ties].map(grouped),
      ...[bytes.onnx, bytes.float].map(kibibytes),
    ];
  });
  const header = ["", "sums", "possible", "met", "beyond 2^24", "ties", "KiB", "float, KiB"];
  return table(header, rows);
}

function psnrTable(findings: readonly Finding[]): string {
  const scored = findings.filter(({ cell }) => cell.model === "ECBSR-M4C16");
  const rows = scored.flatMap(({ cell, verdict }) =>
    verdict
      ? verdict.rows.map(({ engine, psnr }) => [nameOf(cell), engine, String(psnr ?? "")])
      : [[nameOf(cell), "not run", ""]],
  );
  return table(["", "engine", "PSNR-Y, dB"], rows);
}

function missing(findings: readonly Finding[]): string {
  const gaps = findings.filter(({ verdict }) => !verdict);
  if (gaps.length === 0) return "Nothing: every cell has been run.";
  return gaps.map(({ cell }) => `- ${nameOf(cell)}: not run`).join("\n");
}

function nameOf({ model, bits }: Cell): string {
  return `${model}, ${bits} bits`;
}

function kibibytes(bytes: number): string {
  return grouped(Math.round(bytes / 1024));
}
