import { expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { textHost } from "../support/compile-text.ts";

/** Blocks that cannot become what they promise are reported, not compiled: otherwise random search would find them as our bugs. */
const unsound = [
  {
    name: "a part of `then` that cannot take the stride",
    code: "merge/stride",
    text: "block Sample => conv(3x3, stride: 2) {\n  branch a = conv(3x3)\n  then (identity - conv(1x1)) -> bn\n}",
  },
  {
    name: "a branch that cannot take the stride",
    code: "merge/stride",
    text: "block Sample => conv(3x3, stride: 2) {\n  branch a = conv(3x3)\n  branch b = bn\n}",
  },
  {
    name: "a part of `then` with fewer groups than promised",
    code: "merge/groups",
    text: "block Sample => conv(3x3, groups: 2) {\n  branch a = conv(3x3)\n  then conv(1x1, groups: 1)\n}",
  },
];

it.each(unsound)("$name is an error", ({ code, text }) => {
  const request = { file: "sample.repq", entry: "Sample(4)", shape: [6, 6, 4] };
  const { program, diagnostics } = compile(request, textHost(text));
  expect(diagnostics.map((found) => found.code)).toEqual([code]);
  expect(program).toBeUndefined();
});

it("identity in a branch is sound at a stride that `then` takes", () => {
  const text =
    "block Sample => conv(3x3, stride: 2) {\n  branch a = identity\n  branch b = bn\n  then conv(3x3)\n}";
  const request = { file: "sample.repq", entry: "Sample(4)", shape: [6, 6, 4] };
  const { program, diagnostics } = compile(request, textHost(text));
  expect(diagnostics).toEqual([]);
  expect(program?.output.shape).toEqual([3, 3, 4]);
});
