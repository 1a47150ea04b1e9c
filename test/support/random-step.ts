import fc from "fast-check";
import type { FilterTaps } from "../../compiler/algebra/filter-taps.ts";
import type { AffineChain, AffineStep } from "../../compiler/ir/index.ts";
import type { AnyAffineOp, Param } from "../../compiler/ops/index.ts";

const span = { source: { path: "", text: "" }, start: 0, end: 0 };

const sizes = fc.record({
  height: fc.integer({ min: 1, max: 3 }),
  width: fc.integer({ min: 1, max: 3 }),
});

const tables = sizes.chain(({ height, width }) =>
  fc.array(fc.array(quarters(), { minLength: width, maxLength: width }), {
    minLength: height,
    maxLength: height,
  }),
);

const taps: fc.Arbitrary<FilterTaps> = fc.oneof(
  tables.map((table) => ({ kind: "table", table }) as const),
  sizes.map((size) => ({ kind: "dct", size }) as const),
);

function quarters(): fc.Arbitrary<number> {
  return fc.integer({ min: -4, max: 4 }).map((n) => n / 4);
}

/** Every value that a parameter may have, in small. A float is zero or a quarter, so that roots of dyadic numbers stay dyadic or plainly do not. */
function paramValues({ type, least, isOptional }: Param<unknown>): fc.Arbitrary<unknown> {
  const value = {
    int: fc.integer({ min: least ?? 1, max: (least ?? 1) + 2 }),
    float: fc.constantFrom(least ?? 0, 0, 0.25),
    bool: fc.boolean(),
    size: sizes,
    filter: taps,
  }[type] as fc.Arbitrary<unknown>;
  if (!isOptional) return value;
  if (type === "size") return fc.oneof(fc.constant(undefined), value);
  return type === "int" ? fc.oneof(fc.constant(1), value) : value;
}

/** A use of an op with any parameters and channels that fit. */
export function randomSteps(op: AnyAffineOp, path = "w"): fc.Arbitrary<AffineStep> {
  const params = op.params as Readonly<Record<string, Param<unknown>>>;
  const values = Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, paramValues(param)]),
  );
  return fc
    .record({
      params: fc.record(values),
      in: fc.integer({ min: 1, max: 6 }),
      wanted: fc.integer({ min: 1, max: 6 }),
      isFlipped: fc.boolean(),
    })
    .map(({ params: given, in: entering, wanted, isFlipped }): AffineStep => {
      const out = op.outputs(given as never, { in: entering, wanted });
      return { kind: "step", op, params: given, in: entering, out, path, isFlipped, span };
    })
    .filter(isFitting);
}

function isFitting({ op, params, in: entering, out }: AffineStep): boolean {
  const channels = { in: entering, out };
  const groups = op.groups(params as never, channels);
  const isWhole = entering % groups === 0 && out % groups === 0;
  return isWhole && op.misfit(params as never, channels) === undefined;
}

export function chainOf(...steps: readonly AffineStep[]): AffineChain {
  return { kind: "chain", steps, in: steps[0]!.in, out: steps.at(-1)!.out, span };
}
