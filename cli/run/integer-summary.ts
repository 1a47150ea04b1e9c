import type { IntegerReport } from "../../runtime/integer/index.ts";
import { grouped } from "../table.ts";

/** One line: how far the sums of an integer run stayed from the limits, and how many roundings were ties. */
export function integerSummary({ accumulators, quantizers, tiedExamples }: IntegerReport): string {
  const sums = [...accumulators.values()];
  const total = (of: (one: (typeof sums)[number]) => number): number =>
    sums.reduce((all, one) => all + of(one), 0);
  const ties = [...quantizers.values()].reduce((all, one) => all + one.ties, 0);
  const tied = tiedExamples.reduce((all, one) => all + one, 0);
  const largest = Math.max(0, ...sums.map((one) => one.largest));
  return [
    `integers: ${grouped(total((one) => one.outputs))} sums, the largest ${grouped(largest)}`,
    `${grouped(total((one) => one.beyondFloat))} beyond 2^24`,
    `${grouped(total((one) => one.overflowed))} overflowed 32 bits`,
    `${grouped(ties)} rounding ties in ${tied} of ${tiedExamples.length} examples`,
  ].join(", ");
}
