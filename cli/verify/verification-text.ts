import type { VerificationRow } from "../../runtime/verify/index.ts";
import { integerSummary } from "../run/integer-summary.ts";
import { grouped, renderTable } from "../table.ts";
import { differencesText, numberText } from "./differences-text.ts";
import { legend } from "./legend.ts";
import { conclusion } from "./conclusion.ts";
import { fileText } from "./file-text.ts";
import type { Verified } from "./verified.ts";

const header = ["engine", "held against", "differ", "explained", "largest difference", "verdict"];

/** The table for people, what explains the differences, and how to read it. */
export function verificationText(verified: Verified): string {
  const { verification, file, notes } = verified;
  const { rows, integers } = verification;
  const cells = rows.map((row) => [row.name, row.against, ...cellsOf(row)]);
  const parts = [
    head(verified),
    renderTable(header, cells, ["held against", "verdict"]),
    ...rows.flatMap(differencesText),
    ...(integers ? [integerSummary(integers)] : []),
    ...(file ? [fileText(file, verified)] : []),
    ...notes.map((note) => `note: ${note}`),
    legend(verified),
    conclusion(verified),
  ];
  return `${parts.join("\n\n")}\n`;
}

function head({ model, inputs, backend, verification }: Verified): string {
  const { entry, source, policy, weights } = model;
  const form = policy === undefined ? "in floating point" : `quantized by ${policy}`;
  const of = weights ? `, weights ${weights.file}` : "";
  const { examples, outputs } = verification;
  const all =
    inputs.size === undefined || inputs.size === examples ? "" : ` of ${grouped(inputs.size)}`;
  const time = inputs.isOutOfTime ? ", until time was up (`--seconds`)" : "";
  return [
    `${entry} of ${source}, ${form}${of}`,
    `on ${inputs.name}: ${grouped(examples)}${all} inputs${time}, ${grouped(outputs)} outputs from each engine; ${backend}`,
  ].join("\n");
}

function cellsOf({ found }: VerificationRow): readonly string[] {
  switch (found.kind) {
    case "missing":
      return ["", "", "", `not run: ${found.reason}`];
    case "failed":
      return ["", "", "", `FAILED: ${found.reason}`];
    case "bits": {
      const { differing, explained, largest, largestSteps, isTooOften } = found;
      const size = `${numberText(largest)} (${numberText(largestSteps)} steps)`;
      const unexplained = differing - explained;
      const verdicts = [
        ...(unexplained > 0 ? [`${grouped(unexplained)} UNEXPLAINED`] : []),
        ...(isTooOften ? ["EXPLAINED TOO OFTEN"] : []),
      ];
      const good = differing === 0 ? "same bits" : "explained";
      const verdict = verdicts.length > 0 ? verdicts.join(", ") : good;
      return [grouped(differing), grouped(explained), differing === 0 ? "0" : size, verdict];
    }
    case "tolerance": {
      const { differing, beyond, largestOfTerms, tolerance } = found;
      const limit = numberText(tolerance);
      const verdict = beyond === 0 ? `within ${limit}` : `${grouped(beyond)} BEYOND ${limit}`;
      return [grouped(differing), "", `${numberText(largestOfTerms)} of terms`, verdict];
    }
  }
}
