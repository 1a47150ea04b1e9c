import { expect, it } from "vitest";
import { arrays, type ArrayKernel } from "../../../compiler/algebra/arrays.ts";
import { describeBackends } from "../../support/backends.ts";
import { compareWithReference } from "../../support/compare-with-reference.ts";
import { compute } from "../../support/compute.ts";
import { buildDense, joinDense, randomDense, type Dense } from "../../support/dense.ts";
import { asFunction, type ArgumentType } from "./execute-instruction.ts";
import {
  buildKernel,
  reader,
  referenceCarry,
  referenceCompose,
  referenceRegroup,
  referenceScaleIn,
} from "./reference-kernels.ts";

interface Case {
  readonly op: string;
  readonly types: readonly ArgumentType[];
  readonly attributes?: Parameters<typeof asFunction>[2];
  reference(this: void, ...args: Dense[]): Dense;
}

const kernel = (shape: readonly number[], groups = 1): ArgumentType => ({
  kind: "kernel",
  shape,
  groups,
});
const vector = (size: number): ArgumentType => ({ kind: "vector", shape: [size] });
const each =
  (compute: (...values: number[]) => number) =>
  (first: Dense, ...rest: Dense[]) =>
    buildDense(first.shape, (i) => compute(first.data[i]!, ...rest.map(({ data }) => data[i]!)));

const shape = [3, 2, 2, 6] as const;

const cases: readonly Case[] = [
  {
    op: "scale_out",
    types: [kernel(shape), vector(6)],
    reference: (k, v) => buildDense(k.shape, (i, o) => k.data[i]! * v.data[o]!),
  },
  ...[1, 2, 3].map((groups): Case => ({
    op: "scale_in",
    types: [kernel(shape, groups), vector(2 * groups)],
    reference: (k, v) => referenceScaleIn(k, v, groups),
  })),
  {
    op: "scale_in",
    types: [kernel([3, 3, 1, 4], 4), vector(4)],
    reference: (k, v) => referenceScaleIn(k, v, 4),
  },
  { op: "add_kernels", types: [kernel(shape), kernel(shape)], reference: each((a, b) => a + b) },
  { op: "negate_kernel", types: [kernel(shape)], reference: each((a) => -a) },
  {
    op: "embed",
    types: [kernel(shape)],
    attributes: { height: 5, width: 4, top: 1, left: 2 },
    reference: (k) => {
      const at = reader(k);
      return buildKernel([5, 4, 2, 6], (h, w, i, o) => at(h - 1, w - 2, i, o));
    },
  },
  {
    op: "flip_kernel",
    types: [kernel(shape)],
    reference: (k) => {
      const at = reader(k);
      return buildKernel(shape, (h, w, i, o) => at(2 - h, 1 - w, i, o));
    },
  },
  {
    op: "join_kernels",
    types: [kernel(shape), kernel([3, 2, 2, 1]), kernel([3, 2, 2, 4])],
    attributes: { groups: 1 },
    reference: (...parts) => joinDense(parts),
  },
  {
    op: "join_kernels",
    types: [kernel(shape, 2), kernel(shape, 2)],
    attributes: { groups: 4 },
    reference: (...parts) => joinDense(parts),
  },
  {
    op: "join_vectors",
    types: [vector(5), vector(1), vector(3)],
    reference: (...parts) => joinDense(parts),
  },
  ...[[1, 1], [2, 1], [1, 3], [2, 3]].map(([height = 1, width = 1]): Case => ({
    op: "dilate",
    types: [kernel(shape)],
    attributes: { height, width },
    reference: (k) => {
      const at = reader(k);
      const size = [2 * height + 1, width + 1, 2, 6];
      return buildKernel(size, (h, w, i, o) =>
        h % height === 0 && w % width === 0 ? at(h / height, w / width, i, o) : 0,
      );
    },
  })), // prettier-ignore
  ...[[6, 1], [6, 2], [6, 6], [3, 1], [2, 1]].map(([from = 1, to = 1]): Case => ({
    op: "regroup",
    types: [kernel(shape, from)],
    attributes: { groups: to },
    reference: (k) => referenceRegroup(k, from, to),
  })), // prettier-ignore
  ...composeCases(),
  {
    op: "spread",
    types: [kernel([1, 1, 3, 4]), kernel([3, 2, 1, 4], 4)],
    reference: (a, b) => {
      const [pointwise, depthwise] = [reader(a), reader(b)];
      return buildKernel(
        [3, 2, 3, 4],
        (h, w, i, o) => pointwise(0, 0, i, o) * depthwise(h, w, 0, o),
      );
    },
  },
  ...[2, 3].map((groups): Case => ({
    op: "mix",
    types: [kernel([3, 2, 2, 2 * groups], groups), kernel([1, 1, 2 * groups, 5])],
    attributes: { groups },
    reference: (a, b) => {
      const [grouped, pointwise] = [reader(a), reader(b)];
      return buildKernel([3, 2, 2 * groups, 5], (h, w, i, o) => {
        const first = Math.floor(i / 2) * 2;
        const term = (t: number) => grouped(h, w, i % 2, t) * pointwise(0, 0, t, o);
        return term(first) + term(first + 1);
      });
    },
  })),
  ...[1, 2, 3].map((groups): Case => ({
    op: "carry",
    types: [vector(2 * groups), kernel(shape, groups)],
    reference: (v, k) => referenceCarry(v, k, groups),
  })),
  { op: "add_vectors", types: [vector(5), vector(5)], reference: each((a, b) => a + b) },
  { op: "subtract_vectors", types: [vector(5), vector(5)], reference: each((a, b) => a - b) },
  { op: "multiply_vectors", types: [vector(5), vector(5)], reference: each((a, b) => a * b) },
  { op: "negate_vector", types: [vector(5)], reference: each((a) => -a) },
  {
    op: "reciprocal_root",
    types: [vector(5)],
    attributes: { epsilon: 1.5 },
    reference: each((a) => 1 / Math.sqrt(a + 1.5)),
  },
];

/** Pointwise and spatial kernels on either side; dense, grouped and depthwise. */
function composeCases(): readonly Case[] {
  const pairs: readonly [readonly number[], readonly number[], number][] = [
    [[1, 1, 3, 4], [3, 3, 4, 2], 1],
    [[3, 2, 3, 4], [1, 1, 4, 2], 1],
    [[1, 1, 3, 4], [1, 1, 4, 2], 1],
    [[3, 3, 2, 3], [2, 3, 3, 2], 1],
    [[3, 3, 1, 4], [3, 1, 1, 4], 4],
    [[1, 1, 2, 4], [3, 3, 2, 6], 2],
    [[1, 1, 3, 4], [3, 3, 1, 8], 4],
  ];
  return pairs.map(([first, second, groups]) => ({
    op: "compose",
    types: [kernel(first, groups), kernel(second, groups)],
    reference: (a, b) => referenceCompose(a, b, groups),
  }));
}

const tables = [
  [
    [1, 2, -3],
    [4, 5, 6],
  ],
  [
    [0.5, 0, 0],
    [0, 0, 7],
  ],
] as const;

type Attributes = Parameters<typeof asFunction>[2];

/** Kernels that nobody learns, against the reference semantics. */
const constants: readonly (readonly [op: string, Attributes, ArrayKernel])[] = [
  ["identity_kernel", { channels: 6, groups: 2 }, arrays.identity(6, 2)],
  ["fixed_kernel", { tables, channels: 5 }, arrays.fixed(tables, 5)],
  ["fixed_kernel", { tables: tables.slice(1), channels: 3 }, arrays.fixed(tables.slice(1), 3)],
  ["fixed_kernel", { tables, channels: 1 }, arrays.fixed(tables, 1)],
  ["select_kernel", { channels: 5, first: 1, count: 3 }, arrays.select(5, 1, 3)],
  ["select_kernel", { channels: 2, first: 0, count: 2 }, arrays.select(2, 0, 2)],
];

describeBackends("instructions on kernels and vectors", () => {
  it.each(cases.map((one) => [describeCase(one), one] as const))("%s", async (_, one) => {
    const { op, types, attributes = {}, reference } = one;
    await compareWithReference({
      inputs: types.map((type, n) => randomDense(type.shape, n + 1)),
      primitive: asFunction(op, types, attributes, "train"),
      reference,
    });
  });

  it.each(constants)("%s %j", async (op, attributes, { height, width, in: inputs, out, data }) => {
    const [kernel] = await compute(() => [asFunction(op, [], attributes, "train")()]);
    expect(kernel!.shape).toEqual([height, width, inputs, out]);
    expect(Array.from(kernel!.data)).toEqual([...data]);
  });
});

function describeCase({ op, types, attributes }: Case): string {
  const described = types.map((type) => {
    const groups = type.kind === "kernel" && type.groups > 1 ? `/${type.groups}` : "";
    return type.shape.join("x") + groups;
  });
  return `${op} ${described.join(" ")} ${attributes ? JSON.stringify(attributes) : ""}`;
}
