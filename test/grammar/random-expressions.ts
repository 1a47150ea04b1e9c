import fc from "fast-check";
import type * as ast from "../../grammar/index.ts";
import { keywords } from "../../grammar/index.ts";

/** The span of trees that were never read from a text. */
export const span = { source: { path: "", text: "" }, start: 0, end: 0 };

export const name: fc.Arbitrary<ast.Name> = fc
  .oneof(
    fc.constantFrom("conv", "bn", "in", "out", "_", "x3", "e5", "branches"),
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/),
  )
  .filter((text) => !keywords.includes(text))
  .map((text) => ({ span, text }));

const label: fc.Arbitrary<ast.Name> = fc.oneof(
  name,
  fc.constantFrom(...keywords).map((text) => ({ span, text })),
);

export const string: fc.Arbitrary<ast.StringLiteral> = fc
  .oneof(fc.string({ maxLength: 12 }), fc.string({ unit: "binary", maxLength: 5 }))
  .map((value) => ({ kind: "string", span, value }));

export const number: fc.Arbitrary<Extract<ast.Expression, { kind: "number" }>> = fc.oneof(
  fc.maxSafeInteger().map((value) => ({ kind: "number" as const, span, value, isInteger: true })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ kind: "number" as const, span, value, isInteger: false })),
);

const size = fc.tuple(fc.nat(9), fc.nat(99)).map(([height, width]): ast.Expression => {
  return { kind: "size", span, height, width };
});

/** A left-leaning run of operators of one level. */
function run(
  operand: fc.Arbitrary<ast.Expression>,
  operators: readonly ast.BinaryOperator[],
  longest: number,
): fc.Arbitrary<ast.Expression> {
  const others = fc.tuple(fc.constantFrom(...operators), operand);
  const more = fc.oneof(
    { arbitrary: fc.constant([]), weight: 4 },
    { arbitrary: fc.array(others, { minLength: 1, maxLength: longest }), weight: 1 },
  );
  return fc.tuple(operand, more).map(([first, rest]) =>
    rest.reduce(
      (left, [operator, right]): ast.Expression => ({
        kind: "binary",
        span,
        operator,
        left,
        right,
      }),
      first,
    ),
  );
}

const depth = fc.createDepthIdentifier();

type Parts = {
  readonly primary: ast.Expression;
  readonly expression: ast.Expression;
  readonly call: ast.Call;
  readonly list: ast.List;
  readonly step: ast.Step;
  readonly chain: ast.Chain;
  /** A chain that cannot be mistaken for an expression. */
  readonly arrows: ast.Chain;
  readonly value: ast.Expression | ast.Chain;
};

/** One arbitrary per production of expressions and chains, of every shape the grammar has. */
export const parts = fc.letrec<Parts>((tie) => {
  const mul = run(run(tie("primary"), ["by"], 1), ["*", "/", "%"], 2);
  const compared = run(run(mul, ["+", "-"], 2), ["==", "!=", "<", "<=", ">", ">="], 1);
  const negated = fc.tuple(fc.boolean(), compared).map(([isNot, operand]): ast.Expression => {
    return isNot ? { kind: "not", span, operand } : operand;
  });
  const args = fc.array(
    fc.record(
      { kind: fc.constant("arg" as const), span: fc.constant(span), label, value: tie("value") },
      { requiredKeys: ["kind", "span", "value"] },
    ),
    { maxLength: 2 },
  );
  const terms = fc.array(
    fc.record({ span: fc.constant(span), sign: fc.constantFrom(1, -1), chain: tie("chain") }),
    { minLength: 1, maxLength: 2 },
  );
  const group = terms.map(([first, ...others]): ast.Group => {
    return { kind: "group", span, terms: [{ ...first!, sign: 1 }, ...others] } as ast.Group;
  });
  const steps = (minLength: number): fc.Arbitrary<ast.Chain> =>
    fc.array(tie("step"), { minLength, maxLength: 3 }).map((items) => {
      return { kind: "chain", span, steps: items };
    });
  return {
    primary: fc.oneof(
      { maxDepth: 2, depthIdentifier: depth },
      number,
      size,
      string,
      fc.boolean().map((value): ast.Expression => ({ kind: "boolean", span, value })),
      tie("call"),
      tie("list"),
      tie("expression").map((inner): ast.Expression => {
        return { kind: "parenthesised-expression", span, inner };
      }),
    ),
    expression: run(run(negated, ["and"], 1), ["or"], 1),
    call: fc.oneof(
      { maxDepth: 2, depthIdentifier: depth },
      name.map((called): ast.Call => ({ kind: "call", span, name: called })),
      fc.tuple(name, args).map(([called, given]): ast.Call => {
        return { kind: "call", span, name: called, args: given };
      }),
    ),
    list: fc.array(tie("expression"), { maxLength: 2 }).map((items): ast.List => {
      return { kind: "list", span, items };
    }),
    step: fc.record(
      {
        kind: fc.constant("step" as const),
        span: fc.constant(span),
        item: fc.oneof({ maxDepth: 2, depthIdentifier: depth }, tie("call"), group),
        repeat: tie("primary"),
      },
      { requiredKeys: ["kind", "span", "item"] },
    ),
    chain: steps(1),
    arrows: steps(2),
    value: fc.oneof({ maxDepth: 2, depthIdentifier: depth }, tie("expression"), tie("arrows")),
  };
});
