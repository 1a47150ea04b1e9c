import { classifiers, type Method } from "./cell.ts";
import type { Place } from "./summary.ts";

/** What the page calls the methods, in its order. */
export const methodNames: Readonly<Record<Method, string>> = {
  float: "floating point",
  "float-estimated": "floating point, estimated statistics",
  merged: "Merged",
  branches: "branches",
  "repq-batch": "RepQ, batch statistics",
  "repq-sampled": "RepQ, sampled statistics",
  "repq-estimated": "RepQ, estimated statistics",
  imported: "published weights, imported",
  unmerged: "the same, unmerged",
  equalized: "the same, equalized and unmerged",
  repq: "RepQ",
};

export const repqMethods: readonly Method[] = ["repq-batch", "repq-sampled", "repq-estimated"];

/** Every RepQ of a classifier, at both numbers of bits. */
export const repqPlaces: readonly Place[] = classifiers.flatMap((net) =>
  ([8, 4] as const).flatMap((bits) => repqMethods.map((method) => ({ net, method, bits }))),
);
