import type { KernelAlgebra, Size } from "./kernel-algebra.ts";

/** A kernel as numbers: HWIO, row-major, `in` inputs per group. */
export interface ArrayKernel extends Size {
  readonly in: number;
  readonly out: number;
  readonly groups: number;
  readonly data: Float64Array;
}

type Shape = Omit<ArrayKernel, "data">;
type At = (row: number, column: number, input: number, output: number) => number;

/** A kernel of this shape from the number at every place. */
export function buildKernel(shape: Shape, at: At): ArrayKernel {
  const { height, width, in: inputs, out: outputs } = shape;
  const data = new Float64Array(height * width * inputs * outputs);
  let index = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < outputs; output++)
          data[index++] = at(row, column, input, output);
  return { ...shape, data };
}

/** The number at a place of a kernel; zero outside it. */
export function tapAt(
  { height, width, in: inputs, out, data }: ArrayKernel,
  row: number,
  column: number,
  input: number,
  output: number,
): number {
  const isInside =
    row >= 0 && row < height && column >= 0 && column < width && input >= 0 && input < inputs;
  return isInside ? (data[((row * width + column) * inputs + input) * out + output] ?? 0) : 0;
}

/** First input channel of the group that makes an output. */
export function firstInput({ in: inputs, out, groups }: Shape, output: number): number {
  return Math.floor(output / (out / groups)) * inputs;
}

/**
 * The kernel algebra on float64 numbers: the reference semantics. Each method is its formula in `kernel-algebra.ts` and nothing else, so that
 * reading it is enough to believe it.
 */
export const arrays: KernelAlgebra<ArrayKernel, Float64Array> = {
  identity: (channels, groups) => {
    const inputs = channels / groups;
    const shape = { height: 1, width: 1, in: inputs, out: channels, groups };
    return buildKernel(shape, (_, __, input, output) => (input === output % inputs ? 1 : 0));
  },
  fixed: (table, channels) => {
    const width = table[0]?.length ?? 0;
    const shape = { height: table.length, width, in: 1, out: channels, groups: channels };
    return buildKernel(shape, (row, column) => table[row]?.[column] ?? 0);
  },
  fill: (value, size) => new Float64Array(size).fill(value),

  scaleOut: (kernel, v) => mapKernel(kernel, (value, _, output) => value * at(v, output)),
  scaleIn: (kernel, v) => mapKernel(kernel, (value, channel) => value * at(v, channel)),
  addKernels: (a, b) => ({ ...a, data: a.data.map((value, index) => value + at(b.data, index)) }),
  negateKernel: (kernel) => mapKernel(kernel, (value) => -value),
  embed: (kernel, { height, width, top, left }) =>
    buildKernel({ ...kernel, height, width }, (row, column, input, output) =>
      tapAt(kernel, row - top, column - left, input, output),
    ),
  dilate: (kernel, by) => {
    const height = (kernel.height - 1) * by.height + 1;
    const width = (kernel.width - 1) * by.width + 1;
    return buildKernel({ ...kernel, height, width }, (row, column, input, output) =>
      row % by.height === 0 && column % by.width === 0
        ? tapAt(kernel, row / by.height, column / by.width, input, output)
        : 0,
    );
  },
  regroup: (kernel, from, to) => {
    const shape = { ...kernel, in: (kernel.in * from) / to, groups: to };
    return buildKernel(shape, (row, column, input, output) => {
      const own = firstInput(shape, output) + input - firstInput(kernel, output);
      return tapAt(kernel, row, column, own, output);
    });
  },
  compose,
  spread: (pointwise, depthwise) => {
    const { height, width } = depthwise;
    return buildKernel({ ...pointwise, height, width }, (row, column, input, output) => {
      const factor = tapAt(depthwise, row, column, 0, output);
      return tapAt(pointwise, 0, 0, input, output) * factor;
    });
  },
  carry: (v, kernel) => {
    const sums = new Float64Array(kernel.out);
    eachTap(kernel, (value, channel, output) => {
      sums[output] = at(sums, output) + at(v, channel) * value;
    });
    return sums;
  },

  add: (a, b) => a.map((value, index) => value + at(b, index)),
  subtract: (a, b) => a.map((value, index) => value - at(b, index)),
  multiply: (a, b) => a.map((value, index) => value * at(b, index)),
  negate: (a) => a.map((value) => -value),
  reciprocalRoot: (v, epsilon) => v.map((value) => 1 / Math.sqrt(value + epsilon)),
};

/** L3: K[h,w,i,o] = Σ_{p,q,m} first[h-p, w-q, i, m]·second[p, q, m, o], m over the outputs of the first in the group of o. */
function compose(first: ArrayKernel, second: ArrayKernel): ArrayKernel {
  const height = first.height + second.height - 1;
  const width = first.width + second.width - 1;
  const shape = { ...first, height, width, out: second.out };
  return buildKernel(shape, (row, column, input, output) => {
    const begin = firstInput(second, output);
    let sum = 0;
    for (let p = 0; p < second.height; p++)
      for (let q = 0; q < second.width; q++)
        for (let middle = 0; middle < second.in; middle++)
          sum +=
            tapAt(first, row - p, column - q, input, begin + middle) *
            tapAt(second, p, q, middle, output);
    return sum;
  });
}

/** Every number with its input channel, counted over all groups, and its output. */
function eachTap(
  kernel: ArrayKernel,
  visit: (value: number, channel: number, output: number) => void,
): void {
  const { in: inputs, out } = kernel;
  kernel.data.forEach((value, index) => {
    const output = index % out;
    const input = Math.floor(index / out) % inputs;
    visit(value, firstInput(kernel, output) + input, output);
  });
}

function mapKernel(
  kernel: ArrayKernel,
  change: (value: number, channel: number, output: number) => number,
): ArrayKernel {
  const data = new Float64Array(kernel.data.length);
  let index = 0;
  eachTap(kernel, (value, channel, output) => {
    data[index++] = change(value, channel, output);
  });
  return { ...kernel, data };
}

function at(numbers: Float64Array, index: number): number {
  const value = numbers[index];
  if (value === undefined) throw new Error(`repqc bug: there is no number ${index}`);
  return value;
}
