/**
 * What the branches of an island compute, op by op, over any ring. It shares no placement logic with lowering or merging, so that each can
 * find the other's mistakes: here the whole input is padded first (rule S2), and every value knows which window of the input each of its
 * positions saw.
 */
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import { joinChannelsOver, takeChannelsOver } from "../algebra/map-channels.ts";
import type { RingKernel } from "../algebra/ring-kernels.ts";
import { kernelAlgebraOver } from "../algebra/ring-kernels.ts";
import type { RingMap } from "../algebra/ring-maps.ts";
import { convolveOver, padMapOver, scaleAndShiftOver } from "../algebra/ring-maps.ts";
import { elementAt, mapElements, type Elements, type Ring } from "../algebra/ring.ts";
import type { Affine, AffineJoin, AffineStep, AffineSum, Extent } from "./affine.ts";
import { declarationsOf, extentOf, hasKernel, weightPath } from "./affine.ts";
import type { Island } from "./model.ts";
import { insetWindows, paddedWindows, widenedWindows, type Windows } from "./windows.ts";

export type IslandBody = Pick<Island, "body" | "promised">;

/** A value inside an island. */
export interface Located<A> {
  readonly value: RingMap<A>;
  readonly rows: Windows;
  readonly columns: Windows;
}

/** What a normalizing step is to use in the place of its running statistics. */
export type Measure<A> = (
  step: AffineStep,
  entering: Located<A>,
) => { readonly mean: A; readonly variance: A };

interface Runner<E, A extends Elements<E>> {
  readonly ring: Ring<E, A>;
  readonly algebra: KernelAlgebra<RingKernel<A>, A>;
  readonly weight: (path: string) => A;
  readonly measure: Measure<A> | undefined;
}

/** Runs an island branch by branch; `weight` gives the numbers of a path, row-major. */
export function runBranchesOver<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  { body, promised }: IslandBody,
  x: RingMap<A>,
  weight: (path: string) => A,
  measure?: Measure<A>,
): RingMap<A> {
  const runner = { ring, algebra: kernelAlgebraOver(ring), weight, measure };
  const [top, bottom, left, right] = promised.pads;
  const [above, below, before, behind] = promised.extent;
  const padded = {
    value: padMapOver(ring, x, promised.pads),
    rows: paddedWindows(x.height, [above, below], [top, bottom]),
    columns: paddedWindows(x.width, [before, behind], [left, right]),
  };
  const start = insetBy(ring, padded, promised.extent, extentOf(body));
  return run(runner, body, start, promised.stride).value;
}

/** `stride` falls to the last op with taps of a chain, and to every term of a sum and part of a join (rule S3). */
function run<E, A extends Elements<E>>(
  runner: Runner<E, A>,
  map: Affine,
  from: Located<A>,
  stride: number,
): Located<A> {
  switch (map.kind) {
    case "step":
      return runStep(runner, map, from, stride);
    case "chain": {
      const bearer = map.steps.findLastIndex(hasKernel);
      return map.steps.reduce(
        (at, step, index) => run(runner, step, at, index === bearer ? stride : 1),
        from,
      );
    }
    case "sum":
      return runSum(runner, map, from, stride);
    case "concat":
    case "split":
      return runJoin(runner, map, from, stride);
  }
}

function runSum<E, A extends Elements<E>>(
  runner: Runner<E, A>,
  map: AffineSum,
  from: Located<A>,
  stride: number,
): Located<A> {
  const { ring } = runner;
  const widest = extentOf(map);
  const ends = map.terms.map(({ map: term, sign }) => {
    const end = run(runner, term, insetBy(ring, from, widest, extentOf(term)), stride);
    const data = sign === 1 ? end.value.data : mapElements(ring, end.value.data, ring.negate);
    return { ...end, value: { ...end.value, data } };
  });
  return ends.reduce((total, end) => {
    requireSameSize(total.value, end.value);
    const data = mapElements(ring, total.value.data, (number, index) =>
      ring.add(number, elementAt(end.value.data, index)),
    );
    return { ...total, value: { ...total.value, data } };
  });
}

function runJoin<E, A extends Elements<E>>(
  runner: Runner<E, A>,
  map: AffineJoin,
  from: Located<A>,
  stride: number,
): Located<A> {
  const { ring } = runner;
  const widest = extentOf(map);
  const share = map.in / map.parts.length;
  const ends = map.parts.map((part, index) => {
    const seen =
      map.kind === "concat"
        ? from
        : { ...from, value: takeChannelsOver(ring, from.value, index * share, share) };
    return run(runner, part, insetBy(ring, seen, widest, extentOf(part)), stride);
  });
  return ends.reduce((total, end) => {
    requireSameSize(total.value, end.value);
    return { ...total, value: joinChannelsOver(ring, total.value, end.value) };
  });
}

function requireSameSize(a: RingMap<unknown>, b: RingMap<unknown>): void {
  if (a.height !== b.height || a.width !== b.width)
    throw new Error("repqc bug: parts of one value differ in size");
}

/** A part that reaches less far starts further in. */
function insetBy<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  { value, rows, columns }: Located<A>,
  widest: Extent,
  own: Extent,
): Located<A> {
  const [top, bottom, left, right] = [
    widest[0] - own[0],
    widest[1] - own[1],
    widest[2] - own[2],
    widest[3] - own[3],
  ] as const;
  if (![top, bottom, left, right].every(Number.isInteger))
    throw new Error("repqc bug: a part without an anchor in common with the others");
  return {
    value: padMapOver(ring, value, [-top, -bottom, -left, -right]),
    rows: insetWindows(rows, top),
    columns: insetWindows(columns, left),
  };
}

function runStep<E, A extends Elements<E>>(
  { ring, algebra, weight, measure }: Runner<E, A>,
  step: AffineStep,
  from: Located<A>,
  stride: number,
): Located<A> {
  const { op, params, in: entering, out } = step;
  const own = readWeights(step, weight);
  const values = op.normalizes && measure ? { ...own, ...measure(step, from) } : own;
  const { kernel, scale, bias } = op.affine(algebra, values as never, params, {
    in: entering,
    out,
  });
  if (kernel === undefined)
    return { ...from, value: scaleAndShiftOver(ring, from.value, scale, bias) };
  // With its zeros: the merge leaves them out, so that each form can find the other's mistakes here too.
  const by = op.dilation(params);
  const spaced = by === 1 ? kernel : algebra.dilate(kernel, { height: by, width: by });
  const turned = step.isFlipped ? algebra.flip(spaced) : spaced;
  const [above, , before] = extentOf(step);
  return {
    value: convolveOver(ring, from.value, turned, bias, { stride, pads: [0, 0, 0, 0] }),
    rows: widenedWindows(from.rows, above, stride),
    columns: widenedWindows(from.columns, before, stride),
  };
}

/** A step's own weights, kernels with their shapes. */
export function readWeights<A>(
  step: AffineStep,
  weight: (path: string) => A,
): Readonly<Record<string, RingKernel<A> | A>> {
  const values: Record<string, RingKernel<A> | A> = {};
  for (const [name, { kind, shape, groups }] of Object.entries(declarationsOf(step))) {
    const data = weight(weightPath(step.path, name));
    const [height = 1, width = 1, inputs = 1, out = 1] = shape;
    values[name] = kind === "vector" ? data : { height, width, in: inputs, out, groups, data };
  }
  return values;
}
