import type { ArrayMap } from "../../compiler/algebra/array-maps.ts";
import type { WeightSpec } from "../../compiler/ir/index.ts";

/** Numbers between zero and one, the same for the same seed. */
export type Source = () => number;

export function sourceOf(seed: number): Source {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits of such a generator hardly change.
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}

/** How numbers are drawn for weights of each role, and for inputs. */
export interface Drawing {
  readonly name: string;
  weight(source: Source, spec: WeightSpec): number;
  input(source: Source): number;
}

/** Quarters, and variances whose root is a power of two: float64 adds and multiplies them without rounding. */
export const dyadic: Drawing = {
  name: "dyadic",
  weight: (source, { path }) =>
    path.endsWith("variance") ? (pick(source, [0.25, 1, 4, 16]) ?? 1) : quarter(source),
  input: quarter,
};

/** Numbers as in a network, exact in float32: kernels by fan-in, factors around one, variances from 0.3 to 2. */
export const ordinary: Drawing = {
  name: "ordinary",
  weight(source, { path, role, shape }) {
    const [height = 1, width = 1, inputs = 1] = shape;
    if (path.endsWith("variance")) return between(source, 0.3, 2);
    if (role === "scale") return between(source, 0.5, 1.5) * (source() < 0.5 ? -1 : 1);
    const bound = role === "kernel" ? Math.sqrt(3 / (height * width * inputs)) : 0.5;
    return between(source, -bound, bound);
  },
  input: (source) => between(source, -1.5, 2),
};

function quarter(source: Source): number {
  return Math.floor(source() * 9) / 4 - 1;
}

function between(source: Source, low: number, high: number): number {
  return Math.fround(low + source() * (high - low));
}

function pick<T>(source: Source, options: readonly T[]): T | undefined {
  return options[Math.floor(source() * options.length)];
}

export function drawWeights(
  specs: readonly WeightSpec[],
  drawing: Drawing,
  seed: number,
): ReadonlyMap<string, Float64Array> {
  const source = sourceOf(seed);
  return new Map(
    specs.map((spec) => {
      const length = spec.shape.reduce((product, side) => product * side, 1);
      return [spec.path, Float64Array.from({ length }, () => drawing.weight(source, spec))];
    }),
  );
}

export function drawInput(
  [height = 1, width = 1, channels = 1]: readonly number[],
  batch: number,
  drawing: Drawing,
  seed: number,
): ArrayMap {
  const source = sourceOf(seed + 1);
  const data = Float64Array.from({ length: batch * height * width * channels }, () =>
    drawing.input(source),
  );
  return { batch, height, width, channels, data };
}

/** A reader of weights that knows what is missing. */
export function reading(
  weights: ReadonlyMap<string, Float64Array>,
): (path: string) => Float64Array {
  return (path) => {
    const numbers = weights.get(path);
    if (!numbers) throw new Error(`The test drew no weight \`${path}\``);
    return numbers;
  };
}
