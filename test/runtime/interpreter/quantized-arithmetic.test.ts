import { expect, it } from "vitest";
import { describeBackends } from "../../support/backends.ts";
import { execute } from "../../../runtime/execute.ts";
import { tf } from "../../../runtime/tensors.ts";
import { toTensor } from "../../support/compare-with-reference.ts";
import { compute, numbersOf } from "../../support/compute.ts";
import { buildDense, randomDense, type Dense } from "../../support/dense.ts";
import { referenceConv } from "../../support/reference-conv.ts";
import { GraphBuilder } from "./graph-builder.ts";

const fround = Math.fround;
const same = { stride: 1, pads: [1, 1, 1, 1], groups: 1 } as const;
const depthwise = { stride: 2, pads: [1, 1, 1, 1], groups: 4 } as const;
const plain = { stride: 1, pads: [0, 0, 0, 0], groups: 1 } as const;

/** Numbers among which many lie exactly between two levels of step 1/8. */
function dyadic(shape: readonly number[], seed: number): Dense {
  const { data } = randomDense(shape, seed);
  return buildDense(shape, (i) => Math.round(data[i]! * 40) / 16);
}

const weights: Readonly<Record<string, Dense>> = {
  "x.step": buildDense([], () => 0.125),
  k: randomDense([3, 3, 3, 4], 2),
  "k.step": buildDense([4], (i) => fround(0.07 + 0.013 * i)),
  bias: randomDense([4], 3),
  alpha: randomDense([4], 4),
  "y.step": buildDense([], () => fround(0.21)),
  d: randomDense([3, 3, 1, 4], 5),
  "d.step": buildDense([4], (i) => fround(0.09 + 0.02 * i)),
  "z.step": buildDense([], () => fround(0.33)),
  head: randomDense([1, 1, 4, 5], 6),
  "head.step": buildDense([5], (i) => fround(0.11 + 0.01 * i)),
};

/** Signed 4-bit input, dense convolution, prelu, unsigned depthwise, mean, then a head whose input is not quantized. */
function buildGraph() {
  const b = new GraphBuilder();
  const signed = { quantizer: "lsq", bits: 4, low: -8, high: 7 };
  const unsigned = { quantizer: "lsq", bits: 4, low: 0, high: 15 };
  const x = b.op("quantize", [b.input(6, 5, 3), b.scalar("x.step")], signed);
  const k = b.op("quantize", [b.kernel("k", [3, 3, 3, 4]), b.vector("k.step", 4)], signed);
  const sum = b.op("conv", [x, k, b.vector("bias", 4)], same);
  const y = b.op("quantize", [b.op("prelu", [sum, b.vector("alpha", 4)]), b.scalar("y.step")], unsigned); // prettier-ignore
  const d = b.op("quantize", [b.kernel("d", [3, 3, 1, 4], 4), b.vector("d.step", 4)], signed);
  const z = b.op("quantize", [b.op("conv", [y, d], depthwise), b.scalar("z.step")], signed);
  const features = b.op("global_avg", [z]);
  const h = b.op("quantize", [b.kernel("head", [1, 1, 4, 5]), b.vector("head.step", 5)], signed);
  return b.graph({ output: b.op("conv", [features, h], plain), features, sum, levels: y });
}

/** The same by definition: integers in float64, where they are exact, and Math.fround after each real operation. */
function computeByDefinition(input: Dense): Readonly<Record<string, Dense>> {
  const w = (name: string) => weights[name]!;
  const x = levels(input, w("x.step"), -8, 7);
  const product = convolve(x, w("x.step"), "k", same);
  const sum = buildDense(product.shape, (i, o) => fround(product.data[i]! + w("bias").data[o]!));
  const bent = buildDense(sum.shape, (i, o) =>
    sum.data[i]! > 0 ? sum.data[i]! : fround(w("alpha").data[o]! * sum.data[i]!),
  );
  const y = levels(bent, w("y.step"), 0, 15);
  const deep = convolve(y, w("y.step"), "d", depthwise);
  const z = levels(deep, w("z.step"), -8, 7);
  const [batch = 0, height = 0, width = 0, channels = 0] = z.shape;
  const share = fround(w("z.step").data[0]! / (height * width));
  const features = buildDense([batch, channels], (index, c) => {
    let total = 0;
    const first = Math.floor(index / channels) * height * width;
    for (let p = 0; p < height * width; p++) total += z.data[(first + p) * channels + c]!;
    return fround(total * share);
  });
  const real = buildDense(y.shape, (i) => fround(y.data[i]! * w("y.step").data[0]!));
  return { features, sum, levels: real };
}

function convolve(x: Dense, step: Dense, name: string, geometry: typeof same | typeof depthwise) {
  const steps = weights[`${name}.step`]!;
  const exact = referenceConv(x, levels(weights[name]!, steps, -8, 7), geometry);
  return buildDense(exact.shape, (i, o) =>
    fround(exact.data[i]! * fround(step.data[0]! * steps.data[o]!)),
  );
}

/** round_half_even(clip(fl(v / step), low, high)). */
function levels(v: Dense, step: Dense, low: number, high: number): Dense {
  return buildDense(v.shape, (i, c) => {
    const ratio = fround(v.data[i]! / step.data[step.shape.length === 0 ? 0 : c]!);
    const clipped = Math.min(high, Math.max(low, ratio));
    const below = Math.floor(clipped);
    const rest = clipped - below;
    return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  });
}

const bits = (data: Float32Array) => [
  ...new Uint32Array(Float32Array.from(data, (v) => v + 0).buffer),
]; // -0 is 0

describeBackends("arithmetic on levels", () => {
  it.each([1, 2, 3])("has the bits of the definition, input %d", async (seed) => {
    const input = dyadic([3, 6, 5, 3], seed);
    const expected = computeByDefinition(input);
    const before = tf.memory().numTensors;
    const names = Object.keys(buildGraph().outputs);
    const actual = await compute(() => {
      const tensors = new Map(
        Object.entries(weights).map(([name, dense]) => [name, toTensor(dense)]),
      );
      const take = (path: string) => tensors.get(path)!;
      const options = { mode: "eval", input: toTensor(input), weights: take } as const;
      const { outputs } = execute(buildGraph(), options);
      return names.map((name) => outputs[name]!);
    });
    expect(tf.memory().numTensors).toBe(before);
    for (const [name, dense] of Object.entries(expected)) {
      const { data } = actual[names.indexOf(name)]!;
      expect(bits(Float32Array.from(data)), name).toEqual(bits(Float32Array.from(dense.data)));
    }
    expect(new Set(expected["levels"]!.data).size).toBeGreaterThan(5);
  });

  it("dequantizes the kernel's levels for an operand that is on no grid", async () => {
    const kernel = levels(weights["head"]!, weights["head.step"]!, -8, 7);
    const real = buildDense(kernel.shape, (i, o) =>
      fround(kernel.data[i]! * weights["head.step"]!.data[o]!),
    );
    const b = new GraphBuilder();
    const grid = { quantizer: "lsq", bits: 4, low: -8, high: 7 };
    const step = b.vector("head.step", 5);
    const h = b.op("quantize", [b.kernel("head", [1, 1, 4, 5]), step], grid);
    const graph = b.graph({ output: b.op("conv", [b.input(4), h], plain) });
    const one = buildDense([4, 4], (i) => (i % 5 === 0 ? 1 : 0));
    const output = await numbersOf(() => {
      const take = (path: string) => toTensor(weights[path]!);
      const { outputs } = execute(graph, { mode: "eval", input: toTensor(one), weights: take });
      return outputs["output"]!;
    });
    expect(output).toEqual([...real.data].map((v) => v + 0));
  });
});
