import type { IntegerReport } from "../../runtime/integer/index.ts";
import type { Verification, VerificationRow } from "../../runtime/verify/index.ts";
import type { CellVerdict, EngineVerdict, MergingVerdict, SumsSummary } from "./verdict.ts";

/** What engines made of inputs of one size. */
export interface JudgedInputs {
  readonly verification: Verification;
  /** PSNR-Y in decibels, by engine; empty where inputs have no score. */
  readonly scores: ReadonlyMap<string, number>;
}

/** Engine by engine, what all inputs came to. */
export function summarize(judged: readonly JudgedInputs[]): Omit<CellVerdict, "bytes"> {
  const verifications = judged.map(({ verification }) => verification);
  const [first] = verifications;
  if (!first) throw new Error("repqc bug: a cell without inputs");
  const own = first.rows.filter(({ against }) => against === first.rows[0]?.against);
  const reference = own[0]?.against ?? "";
  const compared = verifications.reduce((sum, { outputs }) => sum + outputs, 0);
  const nothing = { compared, differing: 0, explained: 0, largest: 0 };
  const names = own.map(({ name }) => name);
  const rows = names.map((name) => joinRows(name, rowsOf(verifications, name)));
  const merged = rowsOf(verifications, "merged, floating point");
  return {
    rows: [{ engine: reference, ...nothing }, ...rows].map((row) => withScore(row, judged)),
    ...(merged.length > 0 && { merging: joinMerging(merged) }),
    sums: summarizeSums(verifications.flatMap(({ integers }) => integers ?? [])),
    isVerified: verifications.every(({ isVerified }) => isVerified),
  };
}

function rowsOf(
  verifications: readonly Verification[],
  wanted: string,
): readonly VerificationRow[] {
  return verifications.flatMap(({ rows }) => rows.filter(({ name }) => name === wanted));
}

function joinRows(engine: string, rows: readonly VerificationRow[]): EngineVerdict {
  let joined: EngineVerdict = { engine, compared: 0, differing: 0, explained: 0, largest: 0 };
  for (const { found } of rows) {
    if (found.kind === "missing" || found.kind === "failed") {
      joined = { ...joined, problem: found.reason };
      continue;
    }
    joined = {
      ...joined,
      compared: joined.compared + found.compared,
      differing: joined.differing + found.differing,
      explained: joined.explained + (found.kind === "bits" ? found.explained : 0),
      largest: Math.max(joined.largest, found.largest),
    };
  }
  return joined;
}

function joinMerging(rows: readonly VerificationRow[]): MergingVerdict {
  let joined: MergingVerdict = { compared: 0, beyond: 0, largestOfTerms: 0, tolerance: 0 };
  for (const { found } of rows) {
    if (found.kind !== "tolerance") continue;
    joined = {
      compared: joined.compared + found.compared,
      beyond: joined.beyond + found.beyond,
      largestOfTerms: Math.max(joined.largestOfTerms, found.largestOfTerms),
      tolerance: Math.max(joined.tolerance, found.tolerance),
    };
  }
  return joined;
}

/** With the mean over the images, where they have scores. */
function withScore(row: EngineVerdict, judged: readonly JudgedInputs[]): EngineVerdict {
  const scores = judged.flatMap((one) => one.scores.get(row.engine) ?? []);
  if (scores.length === 0) return row;
  return { ...row, psnr: scores.reduce((sum, score) => sum + score, 0) / scores.length };
}

function summarizeSums(reports: readonly IntegerReport[]): SumsSummary {
  const sums = reports.flatMap(({ accumulators }) => [...accumulators.values()]);
  const quantizers = reports.flatMap(({ quantizers: found }) => [...found]);
  const isActivation = ([path]: readonly [string, unknown]) => !path.endsWith("kernel");
  return {
    count: sums.reduce((total, { outputs }) => total + outputs, 0),
    largest: Math.max(...sums.map(({ largest }) => largest)),
    bound: Math.max(...sums.map(({ bound }) => bound)),
    beyondFloat: sums.reduce((total, { beyondFloat }) => total + beyondFloat, 0),
    ties: quantizers.filter(isActivation).reduce((total, [, { ties }]) => total + ties, 0),
  };
}
