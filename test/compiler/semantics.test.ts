/** The rules of specs/language.md, S1 to S12, one sentence a test. */
import { describe, expect, it } from "vitest";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Affine, Island, MapNode, Node } from "../../compiler/ir/index.ts";
import { printType, reachOf, stepsOf } from "../../compiler/ir/index.ts";
import { codesOf, compileFiles } from "./compile-files.ts";

/** The nodes of an entry that must be sound; it may be dearer than its branches. */
function nodesOf(text: string, entry: string, shape?: readonly number[]): readonly Node[] {
  const { model, diagnostics } = compileFiles(text, { entry, ...(shape && { shape }) });
  expect(diagnostics.filter(isError).map(({ message }) => message)).toEqual([]);
  return model?.model.nodes ?? [];
}

function islandsOf(text: string, entry: string, shape?: readonly number[]): readonly Island[] {
  return nodesOf(text, entry, shape).filter((node) => node.kind === "island");
}

/** The only island of a block of 8 to 16 channels on a map of 9 x 9. */
function islandOf(block: string, args = "(16)"): Island {
  const [island] = islandsOf(block, `A${args}`, [9, 9, 8]);
  if (!island) throw new Error("no island");
  return island;
}

/** `conv 8->16` and so on, for every step. */
function stepsText(map: Affine): readonly string[] {
  return stepsOf(map).map((step) => `${step.op.name} ${step.in}->${step.out}`);
}

/** One parameter of every convolution. */
function convs(map: Affine, name: string): readonly unknown[] {
  return stepsOf(map)
    .filter((step) => step.op.name === "conv")
    .map((step) => step.params[name]);
}

function errorsOf(text: string, entry = "A(16)"): readonly string[] {
  return codesOf(compileFiles(text, { entry, shape: [9, 9, 8] }));
}

describe("S1: a promise without a size promises some convolution", () => {
  it("its size follows from the branches", () => {
    const { promised } = islandOf(
      "block A => conv { branch a = conv(3x1) -> conv(1x5)\n branch b = conv(1x1) }",
    );
    expect(promised.size).toEqual({ height: 3, width: 5 });
  });
});

describe("S2: a block pads once", () => {
  it.each([
    ["conv(3x3)", [1, 1, 1, 1], "map 9x9x16"],
    ["conv(3x5)", [1, 1, 2, 2], "map 9x9x16"],
    ["conv(4x4)", [1, 2, 1, 2], "map 9x9x16"],
    ["conv(3x3, dilation: 2)", [2, 2, 2, 2], "map 9x9x16"],
    ["conv(3x3, stride: 2)", [1, 1, 1, 1], "map 5x5x16"],
    ["conv(3x3, pad: 0)", [0, 0, 0, 0], "map 7x7x16"],
    ["conv(3x3, pad: 3, stride: 2)", [3, 3, 3, 3], "map 7x7x16"],
  ])("%s", (promise, pads, type) => {
    const branch = promise.includes("4x4") ? "conv(2x2)" : "conv(1x1)";
    const island = islandOf(`block A => ${promise} { branch a = ${branch} }`);
    expect(island.promised.pads).toEqual(pads);
    expect(printType(island.type)).toBe(type);
  });

  it.each([
    ["a reach beyond the promise", "conv(3x3)", "conv(3x3) -> conv(3x3)", "merge/branch-too-wide"],
    ["an even kernel in an odd promise", "conv(3x3)", "conv(2x2)", "merge/parity"],
    ["an odd kernel in an even promise", "conv(4x4)", "conv(3x3)", "merge/parity"],
    ["an even term in an odd sum", "conv(5x5)", "(conv(3x3) + conv(2x2))", "merge/parity"],
    [
      "dilated taps beyond the promise",
      "conv(3x3)",
      "conv(3x3, dilation: 2)",
      "merge/branch-too-wide",
    ],
  ])("refuses %s", (_, promise, branch, code) => {
    expect(errorsOf(`block A => ${promise} { branch a = ${branch} }`)).toEqual([code]);
  });

  it("a chain of kernels reaches over 1 + sum (k - 1) * d positions", () => {
    const { body } = islandOf(
      "block A => conv(9x9) { branch a = conv(3x3, dilation: 2) -> avg(3x3) -> conv(3x1) }",
    );
    expect(reachOf(body)).toEqual({ height: 9, width: 7 });
  });
});

describe("S3: the last op with a kernel takes the stride", () => {
  const block = (branch: string) =>
    `block A => conv(3x3, stride: 2) { branch a = conv(3x3)\n branch b = ${branch} }`;

  it("a chain without one is an error", () => {
    expect(errorsOf(block("identity -> bn"), "A(8)")).toEqual(["merge/stride"]);
    expect(errorsOf(block("(conv(1x1) + bn)"), "A(8)")).toEqual(["merge/stride"]);
    expect(errorsOf(block("bn -> avg(3x3)"), "A(8)")).toEqual([]);
  });

  it("a stride is no argument of a branch", () => {
    expect(errorsOf(block("conv(1x1, stride: 2)"))).toEqual(["name/unknown-argument"]);
  });
});

describe("S4: groups, bias and dilation of the promise are defaults", () => {
  const block =
    "block A => conv(5x5, groups: 4, bias: true, dilation: 2) {\n branch a = conv(5x5) -> conv(1x1)\n branch b = conv(1x1, groups: 8, bias: false, dilation: 1) }";

  it.each([
    ["groups", [4, 4, 8]],
    ["bias", [true, true, false]],
    ["dilation", [2, 2, 1]],
  ])("%s: what a convolution says itself counts", (name, values) => {
    const { body, promised } = islandOf(block);
    expect(convs(body, name)).toEqual(values);
    expect(promised).toMatchObject({
      size: { height: 5, width: 5 },
      extent: [4, 4, 4, 4],
      dilation: 2,
      groups: 4,
    });
  });

  it("a dense branch does not fit into groups", () => {
    expect(errorsOf("block A => conv(3x3, groups: 4) { branch a = conv(1x1, groups: 1) }")).toEqual(
      ["merge/groups"],
    );
  });

  it("groups that divide the channels are needed, whatever stands in the branches", () => {
    expect(errorsOf("block A => conv(3x3, groups: 3) { branch a = identity }", "A(8)")).toEqual([
      "shape/groups",
    ]);
  });

  it("`=> depthwise` has as many groups as channels", () => {
    const island = islandOf(
      "block A => depthwise(3x3) { branch a = conv(3x3)\n branch b = identity -> bn }",
      "(8)",
    );
    expect(island.promised.groups).toBe(8);
    expect(convs(island.body, "groups")).toEqual([8]);
  });
});

describe("S5: channels", () => {
  it.each([
    ["conv(1x1) -> conv(3x3)", ["conv 8->16", "conv 16->16"]],
    ["conv(1x1, out: in / 2) -> conv(3x3)", ["conv 8->4", "conv 4->16"]],
    ["conv(1x1, residual: true) -> conv(3x3)", ["conv 8->8", "conv 8->16"]],
    ["depthwise(3x3, multiplier: 3) -> conv(1x1)", ["depthwise 8->24", "conv 24->16"]],
    [
      "bn -> conv(1x1) -> avg(3x3) -> scale",
      ["bn 8->8", "conv 8->16", "avg 16->16", "scale 16->16"],
    ],
    [
      "conv(1x1, out: int(out * 0.5)) -> (bn + identity) -> conv(3x3)",
      ["conv 8->8", "bn 8->8", "identity 8->8", "conv 8->16"],
    ],
  ])("%s", (branch, steps) => {
    expect(stepsText(islandOf(`block A => conv(3x3) { branch a = ${branch} }`).body)).toEqual(
      steps,
    );
  });

  it.each([
    ["a branch that keeps the channels", "identity -> bn"],
    ["a branch that ends on its own number", "conv(1x1) -> conv(1x1, out: 4)"],
  ])("refuses %s where `out` differs", (_, branch) => {
    expect(errorsOf(`block A => conv(3x3) { branch a = ${branch} }`)).toEqual(["shape/channels"]);
  });

  it("`then` does not change them", () => {
    expect(
      errorsOf("block A => conv(3x3) { branch a = conv(3x3)\n then conv(1x1, out: 4) }"),
    ).toEqual(["shape/channels"]);
  });

  it("in a model a block must be told", () => {
    const text =
      "block A => conv(3x3) { branch a = conv(3x3) }\nmodel M { input x: image[8, 8, 3]\n output x -> A }";
    expect(codesOf(compileFiles(text))).toEqual(["type/missing-argument"]);
  });

  it("a parameter without a default too, also where nothing but `check` asks", () => {
    const text =
      "block A(k: odd) => conv(k) { branch a = conv(k) }\nmodel M { input x: image[8, 8, 3]\n output x -> A(4) }";
    expect(codesOf(compileFiles(text))).toEqual(["type/missing-argument"]);
  });
});

describe("S6: branches", () => {
  const block =
    "block A(n: int = 2, wide: bool = false) => conv(3x3) { branch a[n] = conv(3x3)\n branch b = conv(1x1) when wide or in == out }";

  it.each([
    ["(16)", ["a", "a"]],
    ["(16, n: 3)", ["a", "a", "a"]],
    ["(16, n: 1, wide: true)", ["a", "b"]],
    ["(8)", ["a", "a", "b"]],
  ])("%s", (args, names) => {
    const { body } = islandOf(block, args);
    expect(body.kind === "sum" ? body.terms.map((term) => term.name) : []).toEqual(names);
  });

  it.each([
    ["no copies", "branch a[0] = conv(3x3)", "type/mismatch"],
    ["half a copy", "branch a[0.5] = conv(3x3)", "type/mismatch"],
    ["a condition that is a number", "branch a = conv(3x3) when in", "type/mismatch"],
    ["no branch that is left", "branch a = conv(3x3) when in == out", "merge/no-branches"],
    ["no branch at all", "", "merge/no-branches"],
  ])("refuses %s", (_, branches, code) => {
    expect(errorsOf(`block A => conv(3x3) { ${branches} }`)).toEqual([code]);
  });
});

describe("S7: affine ops at the head of `then` are merged, the rest stays", () => {
  const kinds = (then: string) =>
    nodesOf(`block A => conv(3x3) { branch a = conv(3x3)\n then ${then} }`, "A(8)", [9, 9, 8])
      .slice(1)
      .map((node) => (node.kind === "island" ? `island ${node.path}` : (node as MapNode).op.name));

  it.each([
    ["bn -> scale", ["island "]],
    ["bn -> relu", ["island ", "relu"]],
    ["relu -> bn", ["island ", "relu", "island then.1"]],
    [
      "relu -> (bn + identity) -> prelu -> (scale - bn)",
      ["island ", "relu", "island then.1", "prelu", "island then.3"],
    ],
    ["none", ["island "]],
  ])("%s", (then, expected) => {
    expect(kinds(then)).toEqual(expected);
  });
});

describe("S8: composition", () => {
  it("a sum or difference of chains stands where an op may", () => {
    const { body } = islandOf(
      "block A => conv(3x3) { branch a = (conv(1x1) -> bn + conv(3x3) - conv(1x1)) -> scale }",
    );
    expect(stepsText(body)).toEqual([
      "conv 8->16",
      "bn 16->16",
      "conv 8->16",
      "conv 8->16",
      "scale 16->16",
    ]);
  });

  it("and so does a block whose `then` is affine", () => {
    const inner =
      "block Inner(w: int = 3) => conv(3x3) { branch a = conv(1x1, out: w) -> conv(3x3)\n then bn }\n";
    const { body } = islandOf(
      `${inner}block A => conv(5x5) { branch a = Inner(4, w: 2) -> Inner }`,
    );
    expect(stepsText(body)).toEqual([
      "conv 8->2",
      "conv 2->4",
      "bn 4->4",
      "conv 4->3",
      "conv 3->16",
      "bn 16->16",
    ]);
  });

  it.each([
    [
      "a block that ends in an activation",
      "block B => conv(3x3) { branch a = conv(3x3)\n then relu }",
      "B",
      "merge/not-affine",
    ],
    ["an activation", "", "conv(3x3) -> relu", "merge/not-affine"],
    ["an activation among the parameters", "", "conv(3x3) -> act", "merge/not-affine"],
    [
      "a block with a stride",
      "block B => conv(3x3, stride: 2) { branch a = conv(3x3) }",
      "B",
      "type/out-of-range",
    ],
    [
      "a block that breaks its own promise",
      "block B => conv(1x1) { branch a = conv(3x3) }",
      "B",
      "merge/branch-too-wide",
    ],
    [
      "a block that mixes what it promises to keep apart",
      "block B => conv(3x3, groups: 2) { branch a = conv(3x3, groups: 1) }",
      "B",
      "merge/groups",
    ],
    ["terms of different channels", "", "(conv(1x1) + identity)", "shape/sum"],
  ])("refuses %s in a branch", (_, head, branch, code) => {
    expect(
      errorsOf(`${head}\nblock A(act: activation = relu) => conv(3x3) { branch a = ${branch} }`),
    ).toEqual([code]);
  });

  it("`none` in a chain is nothing", () => {
    expect(
      stepsText(
        islandOf(
          "block A(act: activation = none) => conv(3x3) { branch a = conv(3x3) -> act -> none }",
        ).body,
      ),
    ).toEqual(["conv 8->16"]);
  });
});

const mine =
  "block Mine(act: activation = relu) => conv(3x3) { branch dense = conv(3x3) -> bn\n branch rest[2] = (bn - scale) when in == out\n then act }\n";
const net = (body: string) => `${mine}model Net { input x: image[8, 8, 4]\n ${body} }`;

describe("islands", () => {
  const shapes = (text: string) =>
    islandsOf(text, "Net").map(({ path, body }) => [path, stepsText(body).join(", ")]);

  it("go on over ops without taps, which merge at borders too", () => {
    expect(shapes(net("output x -> conv(3x3, bias: true) -> bn -> scale -> relu"))).toEqual([
      ["output.0", "conv 4->4, bn 4->4, scale 4->4"],
    ]);
    const block =
      "block A => conv(3x3) {\n branch a = conv(3x3)\n then relu -> conv(3x3) -> bn -> relu\n}\n";
    expect(shapes(block + net("output x -> A(8)")).at(-1)).toEqual([
      "output.0.then.1",
      "conv 8->8, bn 8->8",
    ]);
  });

  it("end where another flow reads them", () => {
    const flows = "a = x -> conv(3x3)\n b = a -> bn\n output b + a";
    expect(shapes(net(flows))).toEqual([
      ["a.0", "conv 4->4"],
      ["b.0", "bn 4->4"],
    ]);
  });

  it("a block inside a branch leaves the padding to the one around it", () => {
    const inner = "block I => conv(3x3, pad: 0) { branch a = conv(3x3) }\n";
    expect(errorsOf(`${inner}block A => conv(3x3) { branch a = I -> bn }`)).toEqual([
      "type/out-of-range",
    ]);
  });

  it("parentheses repeat steps of a flow together", () => {
    const nodes = nodesOf(net("output x -> (conv(3x3) -> relu) * 2"), "Net");
    expect(nodes.map((node) => node.kind)).toEqual(["input", "island", "map", "island", "map"]);
  });
});

describe("S9: flows", () => {
  it("`+` binds tighter than `->`", () => {
    const nodes = nodesOf(
      net("a = x -> Mine(4)\n b = x -> Mine(4)\n output a + b -> Mine(8)"),
      "Net",
    );
    const kinds = nodes.map((node) => node.kind);
    expect(kinds).toEqual(["input", "island", "map", "island", "map", "add", "island", "map"]);
  });

  it("in parentheses a flow feeds its result", () => {
    const nodes = nodesOf(net("output (x -> Mine(4)) + x -> Mine(8) -> global_avg"), "Net");
    expect(nodes.map((node) => node.kind)).toEqual([
      "input",
      "island",
      "map",
      "add",
      "island",
      "map",
      "map",
    ]);
  });

  it("the paths of the weights are made of bindings, steps, branches and parts", () => {
    const { program } = compileFiles(
      net(
        "body = x -> Mine(8) -> Mine(8, act: prelu) * 2\n output (body -> Mine(8)) + body -> conv(1x1) -> global_avg -> dense(2)",
      ),
      { entry: "Net" },
    );
    const paths = program?.weights.map(({ path }) => path) ?? [];
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => !/(gamma|beta|mean|variance)$/.test(path)))
      .toMatchInlineSnapshot(`
      [
        "body.0.dense.0.kernel",
        "body.1.dense.0.kernel",
        "body.1.rest.0.0.1.0.scale",
        "body.1.rest.1.0.1.0.scale",
        "body.1.then.0.alpha",
        "body.2.dense.0.kernel",
        "body.2.rest.0.0.1.0.scale",
        "body.2.rest.1.0.1.0.scale",
        "body.2.then.0.alpha",
        "output.0.dense.0.kernel",
        "output.0.rest.0.0.1.0.scale",
        "output.0.rest.1.0.1.0.scale",
        "output.1.kernel",
        "output.3.kernel",
        "output.3.bias",
      ]
    `);
  });

  it("a block alone has paths without a prefix", () => {
    const { program } = compileFiles(mine, { entry: "Mine(4, act: prelu)", shape: [8, 8, 4] });
    expect(program?.weights.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "dense.0.kernel",
        "dense.1.gamma",
        "dense.1.beta",
        "dense.1.mean",
        "dense.1.variance",
        "rest.0.0.0.0.gamma",
        "rest.0.0.0.0.beta",
        "rest.0.0.0.0.mean",
        "rest.0.0.0.0.variance",
        "rest.0.0.1.0.scale",
        "rest.1.0.0.0.gamma",
        "rest.1.0.0.0.beta",
        "rest.1.0.0.0.mean",
        "rest.1.0.0.0.variance",
        "rest.1.0.1.0.scale",
        "then.0.alpha",
      ]
    `);
  });

  it("what no output depends on is not built", () => {
    const { model, diagnostics } = compileFiles(
      net("a = x -> Mine(4)\n b = x -> Mine(99)\n output a"),
      { entry: "Net" },
    );
    expect(codesOf({ diagnostics })).toEqual(["name/unused"]);
    expect(model?.model.nodes.map((node) => node.kind)).toEqual(["input", "island", "map"]);
  });

  it.each([
    ["terms of different shapes", "output (x -> Mine(8)) + x", "shape/sum"],
    ["a map where features are needed", "output x -> global_avg -> Mine(8)", "shape/size"],
    ["a window without a map", "output x -> global_avg -> max_pool(1x1)", "shape/size"],
    ["a window larger than its map", "output x -> max_pool(100x1)", "shape/size"],
    ["channels that no square divides", "output x -> Mine(6) -> depth_to_space(2)", "shape/size"],
  ])("refuses %s", (_, body, code) => {
    expect(codesOf(compileFiles(net(body)))).toEqual([code]);
  });

  it.each([
    ["max_pool(3x3)", [8, 8], [1, 1, 1, 1]],
    ["max_pool(3x3, stride: 2)", [4, 4], [1, 1, 1, 1]],
    ["max_pool(2x2, stride: 2)", [4, 4], [0, 1, 0, 1]],
    ["max_pool(5x2, stride: 3)", [3, 3], [2, 2, 0, 1]],
  ])("%s pads evenly", (step, [height, width], pads) => {
    const { program } = compileFiles(net(`output x -> ${step}`), { entry: "Net" });
    const pool = program?.deploy.instructions.find(({ op }) => op === "max_pool");
    expect(pool?.types).toEqual([{ kind: "map", height, width, channels: 4 }]);
    expect(pool?.attributes["pads"]).toEqual(pads);
  });

  it("a `require` of a model holds or says why", () => {
    expect(
      codesOf(compileFiles(net('require 1 > 2, "never"\n output x -> bn'), { entry: "Net" })),
    ).toEqual(["type/require-failed"]);
  });
});

describe("S11: the type of a parameter is its constraint", () => {
  const block = (type: string) => `block A(p: ${type}) => conv(3x3) { branch a = conv(3x3) }`;

  it.each([
    ["int", ["2", "-1", "4 / 2"], ["0.5", "true", "3x3", "none"]],
    ["float", ["2", "0.5", "1 / 3"], ["true", '"a"', "relu"]],
    ["bool", ["true", "1 < 2", "not (1 == 2 or 3 >= 3)"], ["1", "relu"]],
    ["odd", ["1", "7"], ["0", "2", "-1", "1.5"]],
    ["size", ["3x5", "3", "1 by (1 + 1)"], ["0", "-3", "true"]],
    ["activation", ["relu", "prelu(init: 0.1)", "none"], ["1", '"relu"']],
    ["1..8", ["1", "8"], ["0", "9", "1.5"]],
    ["0.5..1.5", ["0.5", "1.25"], ["0.4", "2"]],
    ["1 | 2", ["1", "2"], ["3", "1.5", "true"]],
    ["odd | 2", ["2", "3"], ["4"]],
  ])("%s", (type, right, wrong) => {
    for (const value of right) expect(errorsOf(block(type), `A(8, p: ${value})`)).toEqual([]);
    for (const value of wrong)
      expect(errorsOf(block(type), `A(8, p: ${value})`).join()).toMatch(
        /^type\/(mismatch|out-of-range)$/,
      );
  });

  it.each([
    ["7 % 4", "3"],
    ["-7 % 4", "1"],
    ["int(1 / 3)", "0"],
    ["int(-0.5)", "0"],
    ["floor(-0.5)", "-1"],
    ["ceil(0.2) + round(0.5)", "2"],
    ["min(3, 1, 2) + max(3, 1, 2)", "4"],
    ["2 + 3 * (4 - 1)", "11"],
  ])("%s is %s", (expression, value) => {
    expect(
      errorsOf(
        `block A(p: ${value} | 99) => conv(3x3) { branch a = conv(3x3) }`,
        `A(8, p: ${expression})`,
      ),
    ).toEqual([]);
  });

  it.each([
    ["0 / 0", "type/division-by-zero"],
    ["1 % (1 - 1)", "type/division-by-zero"],
    ["1e308 * 10", "type/out-of-range"],
    ["min()", "type/missing-argument"],
    ["int(1, 2)", "type/unexpected-argument"],
    ["1 + true", "type/mismatch"],
    ["1 and true", "type/mismatch"],
    ["[1, 2]", "type/mismatch"],
    ["3x3 + 1", "type/mismatch"],
  ])("%s has no value", (expression, code) => {
    expect(errorsOf(block("float"), `A(8, p: ${expression})`)).toEqual([code]);
  });

  it("what a `require` says is the message", () => {
    const { diagnostics } = compileFiles(
      'block A => conv(3x3) { require in % 3 == 0, "three at a time"\n branch a = conv(3x3) }',
      { entry: "A(16)", shape: [9, 9, 8] },
    );
    expect(diagnostics.map(({ message, help }) => [message, help])).toEqual([
      ["`A` cannot be built: three at a time", "here in = 8, out = 16"],
    ]);
  });

  it("`check` tries a block with channels that suit it", () => {
    const squeeze =
      "block A(ratio: int = 32) => conv(1x1) { require in % 45 == 0\n branch a = conv(1x1, out: in / 45) -> conv(1x1) }";
    const grow = "block A => conv(3x3) { branch a = conv(3x3) when in != out }";
    const valid = "block A => conv(31x31, pad: 0) { branch a = conv(1x1) }";
    for (const text of [squeeze, grow, valid])
      expect(compileFiles(text).diagnostics.filter(isError)).toEqual([]);
  });
});

describe("S12: sizes", () => {
  it.each(["conv(3x5)", "conv(3 by 5)", "conv(h by (h + 2))", "conv(size: 3x5)"])("%s", (conv) => {
    const { body } = islandOf(`block A(h: odd = 3) => conv(3x5) { branch a = ${conv} }`);
    expect(reachOf(body)).toEqual({ height: 3, width: 5 });
  });

  it("where a size is expected `k` alone is `k by k`", () => {
    expect(reachOf(islandOf("block A => conv(5) { branch a = conv(5) }").body)).toEqual({
      height: 5,
      width: 5,
    });
  });

  it.each(["conv(0x3)", "conv(3 by 0.5)", "conv(-1)"])("refuses %s", (conv) => {
    expect(errorsOf(`block A => conv(3x3) { branch a = ${conv} }`)).toEqual(["type/out-of-range"]);
  });

  it("`_` leaves height and width open", () => {
    const text = "model M { input x: image[_, 8, 1]\n output x -> conv(3x3) }";
    expect(nodesOf(text, "M").map(({ type }) => printType(type))).toEqual([
      "map 32x8x1",
      "map 32x8x1",
    ]);
    expect(nodesOf(text, "M", [5, 7, 1]).map(({ type }) => printType(type))).toEqual([
      "map 5x7x1",
      "map 5x7x1",
    ]);
    for (const shape of ["0, 8, 1", "_, _, _", "8, 8", "8, 8, 0.5", "8, 8, true"])
      expect(
        codesOf(compileFiles(`model M { input x: image[${shape}]\n output x -> conv(3x3) }`)),
      ).toEqual(["shape/input"]);
  });
});
