import { format as formatWith } from "prettier";
import { describe, expect, it } from "vitest";
import { format } from "../../grammar/format.ts";
import * as plugin from "../../grammar/prettier.ts";
import { fences } from "../grammar/examples.ts";

describe("the examples of specs/language.md", () => {
  it.each(fences("repq").map((text) => [text.split("\n").find((line) => /^\w/.test(line)), text]))(
    "%s ... is in canonical form",
    async (_, text) => expect(await format(text!)).toBe(text),
  );
});

interface Case {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

const cases: readonly Case[] = [
  {
    what: "tables line up, and a comment or a blank line starts a new one",
    from: `recipe R{a:1
bbb:f( x:2 )->g // one
cc: 3 // two

dddddd: 4
// own
e: 5}`,
    to: `recipe R {
  a:   1
  bbb: f(x: 2) -> g   // one
  cc:  3              // two

  dddddd: 4
  // own
  e: 5
}
`,
  },
  {
    what: "`when` lines up over the branches that have one",
    from: `block A => conv { branch a = identity when x branch bb = conv(1x1) -> bn when y
branch c[2] = conv(3x3) -> bn -> relu -> relu }`,
    to: `block A => conv {
  branch a    = identity           when x
  branch bb   = conv(1x1) -> bn    when y
  branch c[2] = conv(3x3) -> bn -> relu -> relu
}
`,
  },
  {
    what: "columns of kernels are aligned to the right",
    from: "kernel K = [[1, -10, 3], // top\n[100, 2.50, 3]]\nkernel L = [1,2]\nkernel E = []",
    to: `kernel K = [
  [  1,  -10, 3],   // top
  [100, 2.50, 3],
]

kernel L = [1, 2]

kernel E = []
`,
  },
  {
    what: "imports are sorted, and the header of the file stays on top",
    from: `// header

import { Z, B as Q } from "./z.repq" // z

// about a
import { A } from "./a.repq"
kernel K = []`,
    to: `// header

// about a
import { A } from "./a.repq"
import { Z, B as Q } from "./z.repq"   // z

kernel K = []
`,
  },
  {
    what: "parameters with a comment stand one a line",
    from: `block A(a: int, // of a
  /// of b
  b: 1 .. 8 = - 3
  // last
  ) => conv {}`,
    to: `block A(
  a: int,   // of a
  /// of b
  b: 1..8 = -3,
  // last
) => conv {}
`,
  },
  {
    what: "what is too wide breaks before arrows and after commas",
    from: `block A => conv {
branch a = convolution(3x3, out: int(out * 3), residual: true) -> bn -> convolution(3x3) when in == out
branch b = convolution(3x3, kernel_initializer: something_long, bias_initializer: another_long_name)
branch c = (convolution(3x3, out: int(out * 3)) -> bn + convolution(3x3, out: out * 3) - identity_of_it)
require in_channels == out_channels and out_channels % groups == 0 or something_else > 1, "reason" }`,
    to: `block A => conv {
  branch a = convolution(3x3, out: int(out * 3), residual: true)
    -> bn
    -> convolution(3x3)
    when in == out
  branch b = convolution(
    3x3,
    kernel_initializer: something_long,
    bias_initializer: another_long_name,
  )
  branch c = (
    convolution(3x3, out: int(out * 3)) -> bn
    + convolution(3x3, out: out * 3)
    - identity_of_it
  )
  require in_channels == out_channels and out_channels % groups == 0 or
    something_else > 1,
    "reason"
}
`,
  },
  {
    what: "comments in the middle of a statement move above it",
    from: "block A // one\n=> conv { // two\nbranch a = // three\nb // four\n} // five\n// six",
    to: `// one
block A => conv {
  // two
  // three
  branch a = b   // four
}   // five
// six
`,
  },
  {
    what: "short `at` on one line, long ones not",
    from: "quant Q { at s1 . 0 .*, last( 2 ) { a: b } at x { c: d // e\n} at y { f: g h: i } at z { } }",
    to: `quant Q {
  at s1.0.*, last(2) { a: b }
  at x {
    c: d   // e
  }
  at y {
    f: g
    h: i
  }
  at z {}
}
`,
  },
  {
    what: "several blank lines become one, and none opens a body",
    from: "\n\nmodel M {\n\n  input x: image[1]\n\n\n  a = x\n  output a\n\n}\n\n\n\nmodel N { }\n\n\n",
    to: `model M {
  input x: image[1]

  a = x
  output a
}

model N {}
`,
  },
  { what: "an empty text stays empty", from: " \n\n", to: "" },
  { what: "a text of comments only is kept", from: "\n// a\n\n\n/// b", to: "// a\n\n/// b\n" },
  { what: "line ends of Windows", from: "// a\r\nkernel K = []\r\n", to: "// a\nkernel K = []\n" },
];

describe("format", () => {
  it.each(cases)("$what", async ({ from, to }) => {
    expect(await format(from)).toBe(to);
    expect(await format(to)).toBe(to);
  });

  it("refuses a text with a syntax problem, and says where", async () => {
    await expect(format("kernel K = []\nblock A { }")).rejects.toThrow(
      /a block says what it becomes \(2:9\)/,
    );
  });

  it("has no options", async () => {
    const text = "recipe R {\n  optimizer: sgd(momentum: 0.9, decay: 1e-4)\n}\n";
    const options = { printWidth: 10, tabWidth: 8, useTabs: true, semi: false };
    expect(await formatWith(text, { ...options, parser: "repq", plugins: [plugin] })).toBe(text);
    expect(await formatWith(text, { filepath: "x.repq", plugins: [plugin] })).toBe(text);
  });
});
