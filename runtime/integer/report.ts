import type { Quantized } from "./quantize.ts";

/** What the sums of one convolution or mean did over all examples. */
export interface AccumulatorReport {
  /** Sums computed. */
  outputs: number;
  /** Largest |sum|. */
  largest: number;
  /** Largest |sum| (of any part of a sum) that any input could cause: below 2^24 no engine that adds in float32 ever rounds. */
  bound: number;
  /** Sums beyond 2^24, where an engine that adds in float32 may round. */
  beyondFloat: number;
  /** Sums outside of 32-bit integers, where this executor and integer engines wrap. */
  overflowed: number;
  /** Of the values that quantizers behind these sums saw: how many lay exactly on a rounding tie. */
  ties: number;
  /** How many of those values lay outside of the quantizer's range. */
  saturated: number;
}

export interface QuantizerReport {
  values: number;
  ties: number;
  saturated: number;
}

export interface IntegerReport {
  /** By path of the convolution or mean, as `s1.0`. */
  readonly accumulators: ReadonlyMap<string, Readonly<AccumulatorReport>>;
  /** By path of the quantizer, as `s1.0.input`. */
  readonly quantizers: ReadonlyMap<string, Readonly<QuantizerReport>>;
  /** One per example: 1 where some activation was quantized on a tie, so that an engine that rounds ties otherwise may differ. */
  readonly tiedExamples: Uint8Array;
}

/** Collects an {@link IntegerReport} while chunks of the batch are executed one after another. */
export class Recorder {
  readonly accumulators = new Map<string, AccumulatorReport>();
  readonly quantizers = new Map<string, QuantizerReport>();
  readonly tiedExamples: Uint8Array;
  /** Index of the chunk's first example. */
  firstExample = 0;

  constructor(examples: number) {
    this.tiedExamples = new Uint8Array(examples);
  }

  accumulator(path: string): AccumulatorReport {
    let report = this.accumulators.get(path);
    if (!report) {
      const zeros = { outputs: 0, largest: 0, bound: 0, beyondFloat: 0, overflowed: 0 };
      report = { ...zeros, ties: 0, saturated: 0 };
      this.accumulators.set(path, report);
    }
    return report;
  }

  /** @param sources paths of the sums that the quantized values come from; empty for kernels, whose ties are no example's */
  quantized(path: string, sources: ReadonlySet<string>, isActivation: boolean, counts: Quantized) {
    const { ties, saturated, tied, value } = counts;
    const before = this.quantizers.get(path) ?? { values: 0, ties: 0, saturated: 0 };
    this.quantizers.set(path, {
      values: before.values + value.levels.length,
      ties: before.ties + ties,
      saturated: before.saturated + saturated,
    });
    for (const source of sources) {
      const report = this.accumulator(source);
      report.ties += ties;
      report.saturated += saturated;
    }
    if (!isActivation) return;
    for (const [i, tie] of tied.entries()) if (tie) this.tiedExamples[this.firstExample + i] = 1;
  }
}

/** Counts one array of sums into a report. */
export function recordSums(report: AccumulatorReport, sums: Float64Array, bound: number): void {
  report.outputs += sums.length;
  report.bound = Math.max(report.bound, bound);
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i] ?? 0;
    const size = Math.abs(sum);
    if (size > report.largest) report.largest = size;
    if (size > 2 ** 24) report.beyondFloat++;
    if (sum >= 2 ** 31 || sum < -(2 ** 31)) report.overflowed++;
  }
}
