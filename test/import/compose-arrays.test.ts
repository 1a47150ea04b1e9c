import fc from "fast-check";
import { expect, it } from "vitest";
import { arrays, buildKernel } from "../../compiler/algebra/arrays.ts";
import { fastArrays } from "../../runtime/import/compose-arrays.ts";
import { Random } from "../../runtime/random.ts";
import { distance } from "../support/largest-difference.ts";

const small = fc.integer({ min: 1, max: 3 });

it("composes kernels as the reference does", () => {
  const sizes = fc.tuple(small, small, small, small);
  fc.assert(
    fc.property(
      sizes,
      small,
      fc.tuple(small, small, small),
      fc.nat(),
      (taps, groups, wide, seed) => {
        const [inputs, middle, outputs] = wide;
        const random = Random.fromSeed(seed);
        const draw = () => random.normal(0, 1);
        const first = { height: taps[0], width: taps[1], in: inputs, out: middle * groups, groups };
        const second = {
          height: taps[2],
          width: taps[3],
          in: middle,
          out: outputs * groups,
          groups,
        };
        const [a, b] = [buildKernel(first, draw), buildKernel(second, draw)];
        const [fast, exact] = [fastArrays, arrays].map((one) => one.compose(a, b, groups));
        const { data, ...shape } = fast!;
        const { data: expected, ...expectedShape } = exact!;
        expect(shape).toEqual(expectedShape);
        expect(distance(data, expected)).toBeLessThan(1e-12);
      },
    ),
  );
});
