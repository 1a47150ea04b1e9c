import fc from "fast-check";
import { expect, it } from "vitest";
import type { Promised } from "../../compiler/ir/index.ts";
import { isAtBorder, mapSizeOf, smallestMap } from "../../compiler/prove/situations.ts";

interface Axis {
  readonly length: number;
  readonly taps: number;
  readonly dilation: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/** Places from the first tap to the last. */
function reachOf({ taps, dilation }: Axis): number {
  return (taps - 1) * dilation + 1;
}

/** What every output along an axis sees: places of its window outside before and behind the map. */
function situations(axis: Axis): readonly string[] {
  const { length, stride, before, after } = axis;
  const reach = reachOf(axis);
  const outputs = Math.floor((length + before + after - reach) / stride) + 1;
  return Array.from({ length: Math.max(0, outputs) }, (_, p) => {
    const first = p * stride - before;
    const missing = [-first, first + reach - length].map((taken) =>
      Math.max(0, Math.min(reach, taken)),
    );
    return missing.join();
  });
}

const axes: fc.Arbitrary<Axis> = fc.record({
  length: fc.integer({ min: 1, max: 40 }),
  taps: fc.integer({ min: 1, max: 7 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 4 }),
  before: fc.integer({ min: 0, max: 8 }),
  after: fc.integer({ min: 0, max: 8 }),
});

function promise(axis: Axis): Promised {
  const { taps, dilation, stride, before, after } = axis;
  const size = { height: taps, width: taps };
  const half = (reachOf(axis) - 1) / 2;
  const extent = [half, half, half, half] as const;
  return { size, extent, dilation, stride, groups: 1, pads: [before, after, before, after] };
}

it("the smallest map shows every situation of the real one, and no larger map than that", () => {
  fc.assert(
    fc.property(axes, (axis) => {
      const { length } = axis;
      const { height, width } = smallestMap({ height: length, width: length }, promise(axis));
      expect(height).toBe(width);
      expect(height).toBeLessThanOrEqual(length);
      expect(height).toBeLessThan(reachOf(axis) + 2 * axis.stride);
      const [real, tried] = [situations(axis), situations({ ...axis, length: height })];
      expect(new Set(tried)).toEqual(new Set([...tried, ...real]));
    }),
    { numRuns: 1000 },
  );
});

it("an output is at the border exactly where its window has a place outside", () => {
  fc.assert(
    fc.property(axes, (axis) => {
      const map = { height: axis.length, width: axis.length };
      situations(axis).forEach((situation, p) => {
        const found = isAtBorder([p, p], map, { promised: promise(axis) });
        expect(found).toBe(situation !== "0,0");
      });
    }),
  );
});

it("features are a map of one position", () => {
  expect(mapSizeOf({ kind: "features", channels: 7 })).toEqual({ height: 1, width: 1 });
});
