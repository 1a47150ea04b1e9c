import type { BackendName } from "../../runtime/backends/index.ts";
import type { ExportSubject } from "./what-to-export.ts";

/** Of the backend on which a model was merged: another one rounds in its own way. */
export const mergedOnKey = "repqc.merged-on";

/** What a model says of where it is from, beside what every model says: SHA-256 of the specs, and of the file of weights. */
export function metadataOf(
  { specs, weights }: ExportSubject,
  mergedOn?: BackendName,
): Readonly<Record<string, string>> {
  const sums = specs.map(({ file, sha256 }) => [`repqc.sha256.${file}`, sha256] as const);
  return {
    ...Object.fromEntries(sums),
    "repqc.sha256.weights": weights.sha256,
    ...(mergedOn && { [mergedOnKey]: mergedOn }),
  };
}
