import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnostic, isError, sortDiagnostics } from "../../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../../compiler/diagnostics/index.ts";

const text = "0123456789";

function found(path: string, start: number, message = "m"): Diagnostic {
  return diagnostic(
    "syntax/unexpected-token",
    { source: { path, text }, start, end: start + 1 },
    { message },
  );
}

const homeless = diagnostic("artefact/missing-file", undefined, { file: "x" });

describe("sortDiagnostics", () => {
  it("goes by file, then by position; what has no place comes first", () => {
    const ordered = [homeless, found("a", 1), found("a", 9), found("b", 0)];
    expect(sortDiagnostics(ordered.toReversed())).toEqual(ordered);
  });

  it("says a thing once, even where two sources of one file are meant", () => {
    expect(sortDiagnostics([found("a", 1), found("a", 1), found("a", 1, "n")])).toHaveLength(2);
  });

  it("depends on nothing but the diagnostics", () => {
    const any = fc
      .tuple(fc.constantFrom("a", "B", "b"), fc.nat(9), fc.constantFrom("m", "n"))
      .map((parts) => found(...parts));
    const shuffled = fc
      .array(any, { maxLength: 8 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(sortDiagnostics(other)).toEqual(sortDiagnostics(one));
      }),
    );
  });
});

it("isError tells errors from warnings", () => {
  const warning = diagnostic("name/unused", undefined, { name: "body" });
  expect([homeless, warning].map(isError)).toEqual([true, false]);
});
