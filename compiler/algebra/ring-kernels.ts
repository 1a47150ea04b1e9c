import type { KernelAlgebra, Size } from "./kernel-algebra.ts";
import { elementAt, mapElements, type Elements, type Ring } from "./ring.ts";

/** A kernel as numbers: HWIO, row-major, `in` inputs per group. */
export interface RingKernel<A> extends Size {
  readonly in: number;
  readonly out: number;
  readonly groups: number;
  readonly data: A;
}

export type KernelShape = Omit<RingKernel<unknown>, "data">;
export type KernelFormula<E> = (row: number, column: number, input: number, output: number) => E;

/** A kernel of this shape from the number at every place. */
export function buildKernelOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  { height, width, in: inputs, out, groups }: KernelShape,
  at: KernelFormula<E>,
): RingKernel<A> {
  const data = ring.zeros(height * width * inputs * out);
  let index = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < out; output++) data[index++] = at(row, column, input, output);
  return { height, width, in: inputs, out, groups, data };
}

/** The number at a place of a kernel; `outside` beyond its taps and channels. */
export function tapOf<E, A extends Elements<E>>(
  { height, width, in: inputs, out, data }: RingKernel<A>,
  row: number,
  column: number,
  input: number,
  output: number,
  outside: E,
): E {
  const isInside =
    row >= 0 && row < height && column >= 0 && column < width && input >= 0 && input < inputs;
  return isInside
    ? elementAt(data, ((row * width + column) * inputs + input) * out + output)
    : outside;
}

/** First input channel of the group that makes an output. */
export function firstInput({ in: inputs, out, groups }: KernelShape, output: number): number {
  return Math.floor(output / (out / groups)) * inputs;
}

/**
 * The kernel algebra on the numbers of a ring: over float64 the reference semantics. Each method is its formula in `kernel-algebra.ts` and
 * nothing else, so that reading it is enough to believe it.
 */
export function kernelAlgebraOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
): KernelAlgebra<RingKernel<A>, A> {
  type Kernel = RingKernel<A>;
  const { zero, one, fromNumber } = ring;
  const build = (shape: KernelShape, at: KernelFormula<E>) => buildKernelOver(ring, shape, at);
  const tap = (kernel: Kernel, row: number, column: number, input: number, output: number) =>
    tapOf(kernel, row, column, input, output, zero);
  const combine = (a: A, b: A, operation: (a: E, b: E) => E) =>
    mapElements(ring, a, (value, index) => operation(value, elementAt(b, index)));
  return {
    identity: (channels, groups) => {
      const inputs = channels / groups;
      const shape = { height: 1, width: 1, in: inputs, out: channels, groups };
      return build(shape, (_, __, input, output) => (input === output % inputs ? one : zero));
    },
    fixed: (tables, channels) => {
      const [first = []] = tables;
      const [height, width] = [first.length, first[0]?.length ?? 0];
      const shape = { height, width, in: 1, out: channels, groups: channels };
      return build(shape, (row, column, _, output) =>
        fromNumber(tables[output % tables.length]?.[row]?.[column] ?? 0),
      );
    },
    select: (channels, first, count) => {
      const shape = { height: 1, width: 1, in: channels, out: count, groups: 1 };
      return build(shape, (_, __, input, output) => (input === first + output ? one : zero));
    },
    fill: (value, size) => mapElements(ring, ring.zeros(size), () => fromNumber(value)),

    scaleOut: (kernel, v) =>
      mapTaps(ring, kernel, (value, _, output) => ring.multiply(value, elementAt(v, output))),
    scaleIn: (kernel, v) =>
      mapTaps(ring, kernel, (value, channel) => ring.multiply(value, elementAt(v, channel))),
    addKernels: (a, b) => ({ ...a, data: combine(a.data, b.data, ring.add) }),
    negateKernel: (kernel) => ({ ...kernel, data: mapElements(ring, kernel.data, ring.negate) }),
    embed: (kernel, { top, left, ...size }) =>
      moveTaps(ring, kernel, size, (row, column) => [row - top, column - left]),
    flip: (kernel) =>
      moveTaps(ring, kernel, kernel, (row, column) => [
        kernel.height - 1 - row,
        kernel.width - 1 - column,
      ]),
    dilate: (kernel, by) => {
      const height = (kernel.height - 1) * by.height + 1;
      const width = (kernel.width - 1) * by.width + 1;
      const move = (row: number, column: number) => [row / by.height, column / by.width] as const;
      return moveTaps(ring, kernel, { height, width }, move);
    },
    regroup: (kernel, from, to) => {
      const shape = { ...kernel, in: (kernel.in * from) / to, groups: to };
      return build(shape, (row, column, input, output) => {
        const own = firstInput(shape, output) + input - firstInput(kernel, output);
        return tap(kernel, row, column, own, output);
      });
    },
    compose: (first, second) => composeOver(ring, first, second),
    spread: (pointwise, depthwise) => {
      const { height, width } = depthwise;
      return build({ ...pointwise, height, width }, (row, column, input, output) =>
        ring.multiply(tap(pointwise, 0, 0, input, output), tap(depthwise, row, column, 0, output)),
      );
    },
    mix: (grouped, pointwise) => mixOver(ring, grouped, pointwise),
    carry: (v, kernel) => carryOver(ring, v, kernel),

    joinKernels: (parts, groups) => {
      const outputs = parts.flatMap((part) =>
        Array.from({ length: part.out }, (_, output) => ({ part, output })),
      );
      const shape = { ...partOf(parts), out: outputs.length, groups };
      return build(shape, (row, column, input, output) => {
        const { part, output: own } = partOf(outputs, output);
        return tap(part, row, column, input, own);
      });
    },
    joinVectors: (parts) => {
      const all = parts.flatMap((part) => [...part]);
      return mapElements(ring, ring.zeros(all.length), (_, index) => partOf(all, index));
    },

    add: (a, b) => combine(a, b, ring.add),
    subtract: (a, b) => combine(a, b, ring.subtract),
    multiply: (a, b) => combine(a, b, ring.multiply),
    negate: (a) => mapElements(ring, a, ring.negate),
    reciprocalRoot: (v, epsilon) =>
      mapElements(ring, v, (value) => ring.reciprocalRoot(value, epsilon)),
  };
}

/** A kernel of another size whose tap at every place is the given one's; zero where that has none, as between its rows. */
function moveTaps<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  kernel: RingKernel<A>,
  { height, width }: Size,
  from: (row: number, column: number) => readonly [row: number, column: number],
): RingKernel<A> {
  const tap = kernel.in * kernel.out;
  const data = ring.zeros(height * width * tap);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [ownRow, ownColumn] = from(row, column);
      if (!isPlace(ownRow, kernel.height) || !isPlace(ownColumn, kernel.width)) continue;
      const own = ownRow * kernel.width + ownColumn;
      for (let n = 0; n < tap; n++)
        data[(row * width + column) * tap + n] = elementAt(kernel.data, own * tap + n);
    }
  return { ...kernel, height, width, data };
}

function isPlace(place: number, length: number): boolean {
  return Number.isInteger(place) && place >= 0 && place < length;
}

/** L3: K[h,w,i,o] = Σ_{p,q,m} first[h-p, w-q, i, m]·second[p, q, m, o], m over the outputs of the first in the group of o. */
function composeOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  first: RingKernel<A>,
  second: RingKernel<A>,
): RingKernel<A> {
  const height = first.height + second.height - 1;
  const width = first.width + second.width - 1;
  const { groups, out } = second;
  const data = ring.zeros(height * width * first.in * out);
  const share = out / groups;
  const sums = ring.sums(share);
  let place = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let input = 0; input < first.in; input++)
        for (let output = 0; output < out; output += share) {
          const begin = firstInput(second, output);
          eachInput(second, (p, q, middle, from) => {
            const factor = tapOf(first, row - p, column - q, input, begin + middle, ring.zero);
            sums.add(factor, second.data, from + output);
          });
          sums.moveTo(data, place);
          place += share;
        }
  return { ...first, height, width, out, data };
}

/** K[h,w,i,o] = Σ_t grouped[h, w, i mod inputs, t]·pointwise[t,o], t over the outputs of the group of i. */
function mixOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  grouped: RingKernel<A>,
  pointwise: RingKernel<A>,
): RingKernel<A> {
  const { height, width, in: inputs, groups } = grouped;
  const { out } = pointwise;
  const channels = inputs * groups;
  const share = grouped.out / groups;
  const data = ring.zeros(height * width * channels * out);
  const sums = ring.sums(out);
  let place = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let input = 0; input < channels; input++) {
        const begin = Math.floor(input / inputs) * share;
        for (let middle = begin; middle < begin + share; middle++) {
          const factor = tapOf(grouped, row, column, input % inputs, middle, ring.zero);
          sums.add(factor, pointwise.data, middle * out);
        }
        sums.moveTo(data, place);
        place += out;
      }
  return { height, width, in: channels, out, groups: 1, data };
}

/** r[o] = Σ_{h,w,i} v[i]·K[h,w,i,o]. */
function carryOver<E, A extends Elements<E>>(ring: Ring<E, A>, v: A, kernel: RingKernel<A>): A {
  const carried = ring.zeros(kernel.out);
  const share = kernel.out / kernel.groups;
  const sums = ring.sums(share);
  for (let output = 0; output < kernel.out; output += share) {
    const first = firstInput(kernel, output);
    eachInput(kernel, (_, __, input, from) =>
      sums.add(elementAt(v, first + input), kernel.data, from + output),
    );
    sums.moveTo(carried, output);
  }
  return carried;
}

/** Every tap of every input, with the place of its first output. */
export function eachInput(
  { height, width, in: inputs, out }: KernelShape,
  visit: (row: number, column: number, input: number, from: number) => void,
): void {
  let from = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let input = 0; input < inputs; input++) {
        visit(row, column, input, from);
        from += out;
      }
}

/** Changes every number, given its input channel, counted over all groups, and its output. */
function mapTaps<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  kernel: RingKernel<A>,
  change: (value: E, channel: number, output: number) => E,
): RingKernel<A> {
  const data = ring.zeros(kernel.data.length);
  const share = kernel.out / kernel.groups;
  eachInput(kernel, (_, __, input, from) => {
    for (let begin = 0; begin < kernel.out; begin += share) {
      const channel = firstInput(kernel, begin) + input;
      for (let output = begin; output < begin + share; output++)
        data[from + output] = change(elementAt(kernel.data, from + output), channel, output);
    }
  });
  return { ...kernel, data };
}

function partOf<T>(parts: readonly T[], index = 0): T {
  const part = parts[index];
  if (part === undefined) throw new Error(`repqc bug: there is no part ${index}`);
  return part;
}
