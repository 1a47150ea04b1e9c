import type { Graph } from "../../compiler/ir/graph.ts";
import type { AccumulatorReport, IntegerReport, QuantizerReport } from "../integer/index.ts";

/** The report on all examples from those on consecutive parts of them. */
export function joinReports(graph: Graph, reports: readonly IntegerReport[]): IntegerReport {
  const kernels = kernelQuantizers(graph);
  const accumulators = new Map<string, AccumulatorReport>();
  const quantizers = new Map<string, QuantizerReport>();
  for (const report of reports) {
    for (const [path, one] of report.accumulators) {
      accumulators.set(path, addAccumulators(accumulators.get(path), one));
    }
    for (const [path, one] of report.quantizers) {
      // Kernels are quantized anew for each part.
      const before = kernels.has(path) ? undefined : quantizers.get(path);
      quantizers.set(path, addQuantizers(before, one));
    }
  }
  const tiedExamples = Uint8Array.from(reports.flatMap((one) => [...one.tiedExamples]));
  return { accumulators, quantizers, tiedExamples };
}

function addAccumulators(
  before: AccumulatorReport | undefined,
  one: Readonly<AccumulatorReport>,
): AccumulatorReport {
  if (!before) return { ...one };
  return {
    outputs: before.outputs + one.outputs,
    largest: Math.max(before.largest, one.largest),
    bound: Math.max(before.bound, one.bound),
    beyondFloat: before.beyondFloat + one.beyondFloat,
    overflowed: before.overflowed + one.overflowed,
    ties: before.ties + one.ties,
    saturated: before.saturated + one.saturated,
  };
}

function addQuantizers(
  before: QuantizerReport | undefined,
  one: Readonly<QuantizerReport>,
): QuantizerReport {
  if (!before) return { ...one };
  return {
    values: before.values + one.values,
    ties: before.ties + one.ties,
    saturated: before.saturated + one.saturated,
  };
}

function kernelQuantizers({ instructions }: Graph): ReadonlySet<string> {
  const own = instructions.filter(
    ({ op, types }) => op === "quantize" && types[0]?.kind === "kernel",
  );
  return new Set(own.map(({ attributes }) => String(attributes["path"])));
}
