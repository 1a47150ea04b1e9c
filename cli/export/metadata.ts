import type { ExportSubject } from "./what-to-export.ts";

/** What a model says of where it is from, beside what every model says: SHA-256 of the specs, and of the file of weights. */
export function metadataOf({ specs, weights }: ExportSubject): Readonly<Record<string, string>> {
  const sums = specs.map(({ file, sha256 }) => [`repqc.sha256.${file}`, sha256] as const);
  return { ...Object.fromEntries(sums), "repqc.sha256.weights": weights.sha256 };
}
