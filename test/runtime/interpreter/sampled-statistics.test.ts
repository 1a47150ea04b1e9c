/** Statistics of a sample of positions: each is the statistics of one lattice, and over all draws they are those of the batch. */
import { expect, it } from "vitest";
import type { Attribute } from "../../../compiler/ir/graph.ts";
import { currentBackend, describeBackends } from "../../support/backends.ts";
import { execute } from "../../../runtime/execute.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compareWithReference, toTensor } from "../../support/compare-with-reference.ts";
import { numbersOf, numbersOfAll } from "../../support/compute.ts";
import { buildDense, randomDense, type Dense } from "../../support/dense.ts";
import { referenceConv } from "../../support/reference-conv.ts";
import { referenceMoments } from "../../support/reference-normalization.ts";
import { GraphBuilder } from "./graph-builder.ts";

interface Case {
  readonly name: string;
  readonly kernel: readonly number[];
  readonly geometry: {
    readonly stride: number;
    readonly pads: readonly [number, number, number, number];
    readonly groups: number;
    readonly dilation?: number;
  };
  readonly lattice: number;
}

/** Sizes that the lattice divides and does not, padding, strides, groups, single pixels. */
const cases: readonly Case[] = [
  { name: "3x3", kernel: [3, 3, 2, 3], geometry: { stride: 1, pads: [1, 1, 1, 1], groups: 1 }, lattice: 2 },
  { name: "3x2 with stride 2", kernel: [3, 2, 2, 3], geometry: { stride: 2, pads: [1, 1, 0, 1], groups: 1 }, lattice: 2 },
  { name: "1x1", kernel: [1, 1, 2, 3], geometry: { stride: 1, pads: [0, 0, 0, 0], groups: 1 }, lattice: 3 },
  { name: "1x1 with stride 2", kernel: [1, 1, 2, 3], geometry: { stride: 2, pads: [0, 0, 0, 0], groups: 1 }, lattice: 2 },
  { name: "depthwise 3x3", kernel: [3, 3, 1, 2], geometry: { stride: 1, pads: [1, 1, 1, 1], groups: 2 }, lattice: 4 },
  { name: "3x3 with dilation 2", kernel: [3, 3, 2, 3], geometry: { stride: 1, pads: [2, 2, 2, 2], groups: 1, dilation: 2 }, lattice: 2 },
  { name: "2x3 with stride 2 and dilation 3", kernel: [2, 3, 2, 3], geometry: { stride: 2, pads: [0, 3, 3, 3], groups: 1, dilation: 3 }, lattice: 2 },
  { name: "a lattice wider than the map", kernel: [3, 3, 2, 3], geometry: { stride: 1, pads: [0, 0, 0, 0], groups: 1 }, lattice: 8 },
]; // prettier-ignore

const [height, width, channels] = [7, 6, 2];

function run(one: Case, draw: number, input: tf.Tensor, kernel: tf.Tensor, more: Attributes = {}) {
  const outputs = one.kernel[3]!;
  const builder = new GraphBuilder();
  const args = [
    builder.input(height, width, channels),
    builder.kernel("kernel", one.kernel, one.geometry.groups),
    builder.vector("mean", outputs),
    builder.vector("variance", outputs),
  ];
  const sampled = { mode: "sampled", lattice: one.lattice, ...more };
  const attributes = { path: "a.1", momentum: 0.1, ...one.geometry, ...sampled };
  const [m, v] = builder.ops("statistics", args, attributes);
  const graph = builder.graph({ mean: m!, variance: v! });
  const [mean, variance] = [tf.zeros([outputs]), tf.ones([outputs])];
  const weights = (path: string) => ({ kernel, mean, variance })[path]!;
  return execute(graph, { mode: "train", input, weights, draw });
}

type Attributes = Readonly<Record<string, Attribute>>;

/** Every lattice-th row and column from (top, left) on. */
function onLattice({ shape, data }: Dense, lattice: number, top: number, left: number): Dense {
  const [batch = 0, rows = 0, columns = 0, depth = 0] = shape;
  const [h, w] = [Math.ceil((rows - top) / lattice), Math.ceil((columns - left) / lattice)];
  return buildDense([batch, h, w, depth], (i) => {
    const [c, q] = [i % depth, Math.floor(i / depth) % w];
    const [p, n] = [Math.floor(i / (depth * w)) % h, Math.floor(i / (depth * w * h))];
    const at = (n * rows + top + p * lattice) * columns + left + q * lattice;
    return data[at * depth + c]!;
  });
}

const momentsBeside = (y: Dense): Dense => {
  const { mean, variance } = referenceMoments(y);
  const { length } = mean.data;
  return buildDense([2 * length], (i) => (i < length ? mean : variance).data[i % length]!);
};

describeBackends("statistics of a sample", () => {
  it.each(cases)("$name: the moments of one lattice, with their gradients", async (one) => {
    const x = randomDense([3, height, width, channels], 1, 0.5);
    const kernel = randomDense(one.kernel, 2);
    const primitive = (input: tf.Tensor, k: tf.Tensor) => {
      const { outputs } = run(one, 5, input, k);
      return tf.concat([outputs["mean"]!, outputs["variance"]!]);
    };
    const found = await numbersOf(() => primitive(toTensor(x), toTensor(kernel)));
    const [, rows = 0, columns = 0] = referenceConv(x, kernel, one.geometry).shape;
    const offsets = Array.from({ length: one.lattice ** 2 }, (_, i) => [
      Math.floor(i / one.lattice),
      i % one.lattice,
    ]).filter(([top = 0, left = 0]) => top < rows && left < columns);
    const reference =
      ([top = 0, left = 0]: readonly number[]) =>
      (value: Dense, k: Dense) =>
        momentsBeside(onLattice(referenceConv(value, k, one.geometry), one.lattice, top, left));
    const distance = (offset: readonly number[]) =>
      Math.max(...reference(offset)(x, kernel).data.map((n, i) => Math.abs(n - found[i]!)));
    const nearest = offsets.toSorted((a, b) => distance(a) - distance(b))[0]!;
    await compareWithReference({ inputs: [x, kernel], primitive, reference: reference(nearest) });
  });

  it.each(cases.slice(0, 4))(
    "$name: over many draws the batch's mean and mean square",
    async (one) => {
      const x = randomDense([2, height, width, channels], 1, 0.5);
      const kernel = randomDense(one.kernel, 2);
      const y = referenceConv(x, kernel, one.geometry);
      const whole = referenceMoments(y);
      const outputs = one.kernel[3]!;
      const draws: number[][] = [];
      const count = currentBackend().device === "software gpu" ? 40 : 200;
      for (let draw = 0; draw < count; draw++) {
        const [mean, variance] = await numbersOfAll(() => {
          const found = run(one, draw, toTensor(x), toTensor(kernel)).outputs;
          return [found["mean"]!, found["variance"]!];
        });
        draws.push([...mean!, ...mean!.map((m, o) => m * m + variance![o]!)]);
      }
      for (let i = 0; i < 2 * outputs; i++) {
        const o = i % outputs;
        const square = whole.mean.data[o]! ** 2 + whole.variance.data[o]!;
        const expected = i < outputs ? whole.mean.data[o]! : square;
        const numbers = draws.map((draw) => draw[i]!);
        const average = numbers.reduce((a, b) => a + b) / numbers.length;
        const spread = numbers.reduce((sum, n) => sum + (n - average) ** 2, 0) / numbers.length;
        expect(spread).toBeGreaterThan(0);
        const standardError = Math.sqrt(spread / numbers.length);
        expect(Math.abs(average - expected) / standardError).toBeLessThan(4);
      }
    },
  );

  it("is the same for the same draw, and goes together with a share of the images", async () => {
    const [one] = cases as [Case];
    const [x, kernel] = [randomDense([4, height, width, channels], 1), randomDense(one.kernel, 2)];
    const [first, again, ofHalf] = await numbersOfAll(() => {
      const twice = [0, 1].map(() => run(one, 9, toTensor(x), toTensor(kernel)));
      expect([...twice[0]!.updates.keys()]).toEqual(["mean", "variance"]);
      const half = randomDense([4, height, width, channels], 1);
      half.data.fill(Number.NaN, half.data.length / 2);
      const { outputs } = run(one, 9, toTensor(half), toTensor(kernel), { images: 0.5 });
      return [...twice.map((each) => each.outputs["mean"]!), outputs["variance"]!];
    });
    expect(first).toEqual(again);
    expect(ofHalf!.every((v) => v > 0)).toBe(true);
  });

  it("gradient: false makes constants of them, in every mode", async () => {
    const [one] = cases as [Case];
    const x = randomDense([2, height, width, channels], 1);
    const kernel = randomDense(one.kernel, 2);
    for (const mode of ["batch", "sampled", "estimated"]) {
      const before = tf.memory().numTensors;
      const [difference, slope] = await numbersOfAll(() => {
        const value = (options: Attributes) => (input: tf.Tensor, k: tf.Tensor) => {
          const all = { mode, ...options };
          const { mean, variance } = run(one, 9, input, k, all).outputs;
          return tf.sum(tf.concat([mean!, variance!, tf.sum(k).reshape([1])]));
        };
        const inputs = [toTensor(x), toTensor(kernel)] as const;
        const [open, closed] = [{}, { gradient: false }].map(value);
        const ofKernel = tf.grad((k: tf.Tensor) => closed!(inputs[0], k))(inputs[1]);
        return [tf.sub(open!(...inputs), closed!(...inputs)), ofKernel];
      });
      expect(difference).toEqual([0]);
      expect(new Set(slope)).toEqual(new Set([1]));
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
