import { expect, it } from "vitest";
import { instructions } from "../../../compiler/ir/instructions.ts";
import { describeBackends } from "../../support/backends.ts";
import { instructionRows } from "../../../runtime/interpreter/instruction-rows.ts";
import { compareWithReference } from "../../support/compare-with-reference.ts";
import { buildDense, joinDense, randomDense, type Dense } from "../../support/dense.ts";
import { referenceConv } from "../../support/reference-conv.ts";
import { referenceMaxPool } from "../../support/reference-max-pool.ts";
import { referenceMoments, referenceNormalize } from "../../support/reference-normalization.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { execute } from "../../../runtime/execute.ts";
import type { Attribute } from "../../../compiler/ir/graph.ts";
import type { ArgumentType } from "./execute-instruction.ts";
import type { tf } from "../../../runtime/tensors.ts";

interface Case {
  readonly op: string;
  readonly x: readonly number[];
  readonly others?: readonly ArgumentType[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  reference(this: void, ...args: Dense[]): Dense;
}

const geometry = { stride: 2, pads: [1, 0, 1, 2], groups: 2 } as const;
const pooling = { size: [3, 2], stride: 2, pads: [1, 1, 0, 1] } as const;
const map = [2, 4, 3, 4] as const;
const kernel: ArgumentType = { kind: "kernel", shape: [3, 2, 2, 6], groups: 2 };
const vector = (size: number): ArgumentType => ({ kind: "vector", shape: [size] });
const sameShape: ArgumentType = { kind: "map", shape: [4, 3, 4] };

const cases: readonly Case[] = [
  {
    op: "conv",
    x: map,
    others: [kernel],
    attributes: geometry,
    reference: (x, k) => referenceConv(x, k, geometry),
  },
  {
    op: "conv",
    x: map,
    others: [kernel, vector(6)],
    attributes: geometry,
    reference: (x, k, bias) => {
      const y = referenceConv(x, k, geometry);
      return buildDense(y.shape, (i, o) => y.data[i]! + bias.data[o]!);
    },
  },
  {
    op: "scale_channels",
    x: map,
    others: [vector(4)],
    reference: (x, v) => buildDense(x.shape, (i, c) => x.data[i]! * v.data[c]!),
  },
  {
    op: "add_channels",
    x: [3, 4],
    others: [vector(4)],
    reference: (x, v) => buildDense(x.shape, (i, c) => x.data[i]! + v.data[c]!),
  },
  { op: "pad", x: map, attributes: { by: [1, 2, 0, 1] }, reference: (x) => shift(x, [1, 2, 0, 1]) },
  {
    op: "crop",
    x: map,
    attributes: { by: [1, 2, 0, 1] },
    reference: (x) => shift(x, [-1, -2, 0, -1]),
  },
  {
    op: "add",
    x: map,
    others: [sameShape],
    reference: (x, y) => buildDense(x.shape, (i) => x.data[i]! + y.data[i]!),
  },
  {
    op: "subtract",
    x: map,
    others: [sameShape],
    reference: (x, y) => buildDense(x.shape, (i) => x.data[i]! - y.data[i]!),
  },
  { op: "negate", x: map, reference: (x) => buildDense(x.shape, (i) => -x.data[i]!) },
  { op: "relu", x: map, reference: (x) => buildDense(x.shape, (i) => Math.max(0, x.data[i]!)) },
  {
    op: "prelu",
    x: map,
    others: [vector(4)],
    reference: (x, a) =>
      buildDense(x.shape, (i, c) => (x.data[i]! > 0 ? x.data[i]! : a.data[c]! * x.data[i]!)),
  },
  {
    op: "global_avg",
    x: map,
    reference: (x) =>
      buildDense([2, 4], (index, c) => {
        let sum = 0;
        for (let p = 0; p < 12; p++) sum += x.data[(Math.floor(index / 4) * 12 + p) * 4 + c]!;
        return sum / 12;
      }),
  },
  {
    op: "tile",
    x: map,
    attributes: { times: 3 },
    reference: (x) =>
      buildDense([2, 4, 3, 12], (i, c) => x.data[Math.floor(i / 12) * 4 + (c % 4)]!),
  },
  {
    op: "slice_channels",
    x: map,
    attributes: { first: 1, count: 2 },
    reference: (x) => buildDense([2, 4, 3, 2], (i, c) => x.data[Math.floor(i / 2) * 4 + 1 + c]!),
  },
  {
    op: "concat_channels",
    x: map,
    others: [{ kind: "map", shape: [4, 3, 2] }, sameShape],
    reference: (...parts) => joinDense(parts),
  },
  {
    op: "concat_channels",
    x: [3, 4],
    others: [{ kind: "features", shape: [2] }],
    reference: (...parts) => joinDense(parts),
  },
  {
    op: "max_pool",
    x: [2, 5, 4, 3],
    attributes: pooling,
    reference: (x) => referenceMaxPool(x, pooling),
  },
  {
    op: "depth_to_space",
    x: [2, 2, 3, 8],
    attributes: { scale: 2 },
    reference: (x) =>
      buildDense([2, 4, 6, 2], (index, c) => {
        const w = Math.floor(index / 2) % 6;
        const h = Math.floor(index / 12) % 4;
        const pixel = (Math.floor(index / 48) * 2 + (h >> 1)) * 3 + (w >> 1);
        return x.data[pixel * 8 + ((h & 1) * 2 + (w & 1)) * 2 + c]!;
      }),
  },
];

/** Zeros around a map, or, where negative, a map without its rim. */
function shift(x: Dense, [top, bottom, left, right]: readonly [number, number, number, number]) {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [newHeight, newWidth] = [height + top + bottom, width + left + right];
  return buildDense([batch, newHeight, newWidth, channels], (index, c) => {
    const w = (Math.floor(index / channels) % newWidth) - left;
    const h = (Math.floor(index / (channels * newWidth)) % newHeight) - top;
    const b = Math.floor(index / (channels * newWidth * newHeight));
    if (h < 0 || w < 0 || h >= height || w >= width) return 0;
    return x.data[((b * height + h) * width + w) * channels + c]!;
  });
}

/** The instruction between an input and the output; further arguments are weights, a second map is the input doubled. */
function asFunction({ op, x, others = [], attributes = {} }: Case) {
  const builder = new GraphBuilder();
  const input = builder.input(...x.slice(1));
  const args = others.map((type, n) => builder.op("weight", [], { ...type, path: `w${n}` }));
  const graph = builder.graph({ output: builder.op(op, [input, ...args], attributes) });
  return (value: tf.Tensor, ...rest: tf.Tensor[]) => {
    const weights = (path: string) => rest[Number(path.slice(1))]!;
    return execute(graph, { mode: "train", input: value, weights }).outputs["output"]!;
  };
}

describeBackends("instructions on activations", () => {
  it.each(cases.map((one, n) => [`${one.op} (${n})`, one] as const))("%s", async (_, one) => {
    const shapes = (one.others ?? []).map((type) =>
      type.kind === "map" || type.kind === "features" ? [one.x[0]!, ...type.shape] : type.shape,
    );
    await compareWithReference({
      inputs: [one.x, ...shapes].map((shape, n) => randomDense(shape, n + 1)),
      primitive: asFunction(one),
      reference: one.reference,
    });
  });

  it("batch_norm normalizes by the interior's statistics", async () => {
    const isInterior = (i: number) => {
      const [h, w] = [Math.floor(i / 12) % 4, Math.floor(i / 4) % 3];
      return h >= 1 && h < 3 && w >= 1;
    };
    await compareWithReference({
      inputs: [randomDense(map, 1), randomDense([4], 2), randomDense([4], 3)],
      primitive: (x, gamma, beta) => {
        const one: Case = {
          op: "batch_norm",
          x: map,
          others: [vector(4), vector(4), vector(4), vector(4)],
          attributes: { epsilon: 1e-3, momentum: 0.1, interior: [1, 1, 1, 0] },
          reference: (value) => value,
        };
        return asFunction(one)(x, gamma, beta, gamma, beta);
      },
      reference: (x, gamma, beta) => {
        const { mean, variance } = referenceMoments(x, isInterior);
        return referenceNormalize(x, mean, variance, gamma, beta, 1e-3);
      },
    });
  });
});

it("has a row for every instruction of the language", () => {
  const leaves = ["input", "weight"];
  const rows = [...leaves, ...Object.keys(instructionRows)];
  expect(rows.toSorted()).toEqual(Object.keys(instructions).toSorted());
});
