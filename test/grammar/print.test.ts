import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, print } from "../../grammar/index.ts";
import type { Expression } from "../../grammar/index.ts";
import { fences } from "./examples.ts";
import { span } from "./random-expressions.ts";
import { file } from "./random-files.ts";
import { bare } from "./sketch.ts";

describe("print", () => {
  it("writes any tree such that it reads back as the same tree", () => {
    fc.assert(
      fc.property(file, (tree) => {
        const text = print(tree);
        const again = parse({ path: "", text });
        expect(again.problems).toEqual([]);
        expect(bare(again.file)).toEqual(bare(tree));
      }),
      { numRuns: 150 },
    );
  });

  it("writes what it has read back the same way", () => {
    for (const text of fences("repq")) {
      const once = print(parse({ path: "", text }).file);
      const { file: again } = parse({ path: "", text: once });
      expect(print(again)).toBe(once);
      expect(bare(again)).toEqual(bare(parse({ path: "", text }).file));
    }
  });

  it("sets the parentheses that a tree without them needs", () => {
    const one = (text: string): Expression => ({ kind: "call", span, name: { span, text } });
    const sum: Expression = {
      kind: "binary",
      span,
      operator: "+",
      left: one("a"),
      right: one("b"),
    };
    const product: Expression = { kind: "binary", span, operator: "*", left: sum, right: one("c") };
    const difference: Expression = {
      kind: "binary",
      span,
      operator: "-",
      left: one("d"),
      right: sum,
    };
    expect(print(product)).toBe("(a + b) * c");
    expect(print(difference)).toBe("d - (a + b)");
    expect(print({ kind: "not", span, operand: { kind: "not", span, operand: one("a") } })).toBe(
      "not (not a)",
    );
  });

  it("prints parts on their own", () => {
    const text = "/// Doc.\nblock A(k: 1|2)=>conv{branch a=b->c when   k<2}";
    const [block] = parse({ path: "", text }).file.declarations;
    if (block?.kind !== "block") throw new Error("expected a block");
    expect(print(block)).toBe(
      "/// Doc.\nblock A(k: 1 | 2) => conv {\n  branch a = b -> c    when k < 2\n}",
    );
    expect(print(block.branches[0]!.chain)).toBe("b -> c");
    expect(print(block.params[0]!.type)).toBe("1 | 2");
  });
});
