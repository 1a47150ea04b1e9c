import fc from "fast-check";
import { expect, it } from "vitest";
import { convolveLevels, type Levels } from "../../runtime/integer/index.ts";
import { convOrigin } from "../../runtime/verify/doubt/window-origins.ts";

const sides = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3));

const geometries = fc.record({
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  pads: sides,
  groups: fc.constantFrom(1, 2),
});

function levels(shape: readonly number[], at: (index: number) => number): Levels {
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Int16Array.from({ length }, (_, index) => at(index));
  return { shape, levels: data, step: Float32Array.of(1), largest: 8 };
}

it("a sum depends on a doubt exactly where another level there changes it", () => {
  fc.assert(
    fc.property(geometries, fc.nat(7 * 8 * 4 - 1), (geometry, doubt) => {
      const shape = [1, 7, 8, 4];
      const kernel = levels([2, 3, 4 / geometry.groups, 4], (index) => (index % 5) - 2);
      const x = levels(shape, () => 1);
      const changed = levels(shape, (index) => (index === doubt ? 2 : 1));
      const origins = { shape, data: Float32Array.from(changed.levels, (level) => level - 1) };
      const [before, after] = [x, changed].map((one) => convolveLevels(one, kernel, geometry));
      const [, , columns = 0, out = 0] = before!.shape;
      before!.sums.forEach((sum, index) => {
        const [position, o] = [Math.floor(index / out), index % out];
        const at = [0, Math.floor(position / columns), position % columns, o] as const;
        const found = convOrigin(origins, kernel, geometry, at);
        expect(found).toBe(sum === after!.sums[index] ? 0 : 1);
      });
    }),
    { numRuns: 60 },
  );
});
