import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { primeField } from "../../compiler/algebra/prime-field.ts";
import { kernelAlgebraOver, type RingKernel } from "../../compiler/algebra/ring-kernels.ts";
import { convolveOver } from "../../compiler/algebra/ring-maps.ts";
import { runBranchesOver, weightsOf } from "../../compiler/ir/index.ts";
import { leafValue, primes } from "../../compiler/prove/index.ts";
import { degreeOf } from "../../compiler/prove/degree.ts";
import { randomElements } from "../../compiler/prove/random-elements.ts";
import { blockOf, seed, type ProvableBlock } from "./prove-text-block.ts";

const field = primeField(primes[0]!);
const declarations = "kernel Edge = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]";

/** Both forms of a block where every variable is a point of a random line, at parameter t. */
function onLine({ island, rule }: ProvableBlock, stream: number) {
  const draw = randomElements(seed, stream, primes[0]!);
  const line = (length: number) => {
    const [start, direction] = [draw(length), draw(length)];
    return (t: number) =>
      start.map((value, n) => field.add(value, field.multiply(t, direction[n]!)));
  };
  const x = line(16 * island.body.in);
  const weights = new Map(
    weightsOf(island.body).map(({ path, shape }) => [path, line(shape.reduce((a, b) => a * b, 1))]),
  );
  return (t: number) => {
    const input = { batch: 1, height: 4, width: 4, channels: island.body.in, data: x(t) };
    const weight = (path: string) => weights.get(path)!(t);
    const { kernel, bias } = rule(kernelAlgebraOver(field), (leaf) => leafValue(leaf, weight));
    const merged = convolveOver(
      field,
      input,
      kernel as RingKernel<Float64Array>,
      bias as Float64Array,
      island.promised,
    );
    return [runBranchesOver(field, island, input, weight).data, merged.data] as const;
  };
}

/** The n-th finite difference: zero everywhere just where the degree along the line is below n. */
function difference(values: readonly Float64Array[]): Float64Array {
  let rows = [...values];
  while (rows.length > 1)
    rows = rows
      .slice(1)
      .map((row, n) => row.map((value, i) => field.subtract(value, rows[n]![i]!)));
  return rows[0]!;
}

const chains = [
  { chain: "identity", degree: 1 },
  { chain: "conv(3x3)", degree: 2 },
  { chain: "avg(3x3)", degree: 1 },
  { chain: "conv(3x3) -> bn", degree: 4 },
  { chain: "bn -> conv(3x3, bias: true)", degree: 4 },
  { chain: "conv(1x1) -> bn -> conv(3x3) -> bn", degree: 7 },
  { chain: "conv(1x1) -> filter(Edge) -> affine", degree: 3 },
  { chain: "conv(1x1) -> depthwise(3x3)", degree: 3 },
  { chain: "concat(conv(3x3, out: 1), scale -> flip(conv(3x3, out: 3)))", degree: 3 },
  { chain: "split(conv(3x3, groups: 2), conv(1x1) -> conv(1x1) -> bn)", degree: 5 },
  { chain: "(conv(1x1) -> conv(1x1) - conv(3x3, residual: true)) -> scale", degree: 4 },
];

describe("the degree of a block", () => {
  it.each(chains)("$chain: $degree, no more and no less", ({ chain, degree }) => {
    const block = blockOf([chain], { declarations });
    expect(degreeOf(block.island.body, block.rule)).toBe(degree);
    fc.assert(
      fc.property(fc.nat(1000), (stream) => {
        const forms = onLine(block, stream);
        const points = Array.from({ length: degree + 2 }, (_, t) => forms(t));
        for (const form of [0, 1] as const) {
          const values = points.map((point) => point[form]);
          expect(difference(values).every((value) => value === 0)).toBe(true);
          expect(difference(values.slice(1)).every((value) => value === 0)).toBe(false);
        }
      }),
      { numRuns: 3 },
    );
  });
});

describe("random elements", () => {
  it("are the same for the same seed and stream, and others for others", () => {
    const draw = (of: string, stream: number) => [...randomElements(of, stream, primes[0]!)(8)];
    expect(draw(seed, 1)).toEqual(draw(seed, 1));
    expect(draw(seed, 1)).not.toEqual(draw(seed, 2));
    for (let digit = 0; digit < 32; digit++) {
      const other =
        seed.slice(0, digit) + (seed[digit] === "0" ? "1" : "0") + seed.slice(digit + 1);
      expect(draw(other, 1), `digit ${digit}`).not.toEqual(draw(seed, 1));
    }
    expect(draw("0".repeat(32), 0).some((value) => value > 0)).toBe(true);
  });

  it("are all of the field, evenly", () => {
    const drawn = randomElements(seed, 5, 13)(26_000);
    const counts = Array.from(
      { length: 13 },
      (_, value) => drawn.filter((one) => one === value).length,
    );
    expect(counts.reduce((a, b) => a + b, 0)).toBe(26_000);
    // Six deviations of a binomial distribution around 2000.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(6 * 43);
  });
});
