/** S10: where a policy puts its quantizers, and what it says of normalizations. */
import { describe, expect, it } from "vitest";
import { printGraph, type Quantizer } from "../../compiler/ir/index.ts";
import { codesOf, compileFiles } from "./compile-files.ts";

const mine =
  "block Mine(act: activation = relu) => conv(3x3) { branch dense = conv(3x3) -> bn\n then act }\n";

interface Placed {
  readonly path: string;
  readonly input: string;
  readonly kernel: string;
  readonly bn: string;
}

/** What stands at every convolution and mean, in the order of the model. */
function placed(flow: string, policy: string, name = "Q"): readonly Placed[] {
  const text = `${mine}model Net { input x: image[8, 8, 4]\n ${flow} }\nquant ${policy}`;
  const { model, diagnostics } = compileFiles(text, { entry: "Net", policy: name });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return [...(model?.quantizers ?? [])].map(([id, { input, kernel }]) => {
    const node = model?.model.nodes[id];
    const path = node?.kind === "island" || node?.kind === "map" ? node.path : "";
    const bn = model?.statistics.get(id)?.mode ?? "-";
    return { path, input: range(input), kernel: range(kernel), bn };
  });
}

function range(quantizer: Quantizer | undefined): string {
  if (!quantizer) return "none";
  const { low, high, granularity } = quantizer;
  return `${low}..${high}${granularity === "channel" ? " each" : ""}`;
}

const low = "weights: lsq(bits: 4)\n activations: lsq(bits: 4)";

describe("ranges", () => {
  const signOf = (flow: string) =>
    placed(`output ${flow} -> conv(1x1)`, `Q { ${low} }`).at(-1)?.input;
  const [signed, unsigned] = ["-8..7", "0..15"];

  it.each([
    ["x", signed],
    ["x -> Mine(4)", unsigned],
    ["x -> Mine(4, act: prelu)", signed],
    ["x -> Mine(4, act: none)", signed],
    ["x -> relu", unsigned],
    ["x -> relu -> bn", signed],
    ["x -> relu -> tile(4)", unsigned],
    ["x -> relu -> depth_to_space(2)", unsigned],
    ["x -> relu -> max_pool(3x3, stride: 2)", unsigned],
    ["x -> max_pool(3x3)", signed],
    ["x -> tile(2)", signed],
    ["x -> relu -> global_avg", unsigned],
    ["(x -> relu) + (x -> Mine(4))", unsigned],
    ["x + (x -> relu)", signed],
  ])("%s: %s", (flow, expected) => {
    expect(signOf(flow)).toBe(expected);
  });

  it.each([
    ["weights: lsq(bits: 2)\n activations: lsq(bits: 8)", "-128..127", "-2..1 each"],
    [
      "weights: lsq(bits: 8, per: tensor)\n activations: lsq(bits: 3, signed: false)",
      "0..7",
      "-128..127",
    ],
    ["weights: lsq(bits: 4, per: tensor)\n activations: none", "none", "-8..7"],
    ["weights: none\n activations: lsq(bits: 4, signed: true)", "-8..7", "none"],
    ["bn: frozen", "none", "none"],
  ])("%s", (settings, input, kernel) => {
    expect(placed("output x -> conv(1x1)", `Q { ${settings} }`)).toMatchObject([{ input, kernel }]);
  });

  it("a mean over positions sees eight bits at least", () => {
    const [, mean] = placed("output x -> Mine(4) -> global_avg", `Q { ${low} }`);
    expect(mean).toEqual({ path: "output.1", input: "0..255", kernel: "none", bn: "-" });
  });
});

describe("selectors", () => {
  const flow =
    "stem = x -> Mine(4)\n s1 = stem -> Mine(4) * 2\n output s1 -> global_avg -> dense(2)";
  const paths = ["stem.0", "s1.0", "s1.1", "output.0", "output.1"];
  const eight = (selector: string, head = "Q") => {
    const places = placed(
      flow,
      `${head} { ${low}\n at ${selector} { weights: lsq(bits: 8)\n activations: lsq(bits: 8, signed: true) } }`,
    );
    expect(places.map(({ path }) => path)).toEqual(paths);
    return places.filter(({ input }) => input === "-128..127").map(({ path }) => path);
  };

  it.each([
    ["first", ["stem.0"]],
    ["last", ["output.1"]],
    ["first, last", ["stem.0", "output.1"]],
    ["last(2)", ["s1.1", "output.1"]],
    ["first(1 + 1)", ["stem.0", "s1.0"]],
    ["last(100)", ["stem.0", "s1.0", "s1.1", "output.1"]],
    ["s1", ["s1.0", "s1.1"]],
    ["s1.1", ["s1.1"]],
    ["*.0", ["stem.0", "s1.0", "output.0"]],
    ["*.*", paths],
    ["**", paths],
    ["**.1", ["s1.1", "output.1"]],
    ["s1.**.1", ["s1.1"]],
    ["**.**.s1.**.**", ["s1.0", "s1.1"]],
  ])("%s", (selector, expected) => {
    expect(eight(selector)).toEqual(expected);
  });

  it("counts with the parameters of the policy", () => {
    expect(eight("last(n)", "Q(n: int = 2)")).toEqual(["s1.1", "output.1"]);
  });

  it("the later of several that match wins, setting by setting", () => {
    const places = placed(
      flow,
      `Q { ${low}\n at s1.0 { weights: lsq(bits: 8)\n bn: frozen }\n at s1 { weights: none }\n at last(2) { bn: estimated } }`,
    );
    expect(places.map(({ kernel, bn }) => [kernel, bn])).toEqual([
      ["-8..7 each", "batch"],
      ["none", "frozen"],
      ["none", "estimated"],
      ["none", "-"],
      ["-8..7 each", "estimated"],
    ]);
  });

  it("`first` and `last` do not count what no output depends on", () => {
    const text = `${mine}model Net { input x: image[8, 8, 4]\n a = x -> Mine(4)\n b = a -> Mine(4)\n output a }\nquant Q { ${low}\n at last { bn: frozen } }`;
    const { model } = compileFiles(text, { entry: "Net", policy: "Q" });
    expect([...(model?.statistics.values() ?? [])].map(({ mode }) => mode)).toEqual(["frozen"]);
  });

  it.each([
    ["steam", "quant/no-match"],
    ["s1.2", "quant/no-match"],
    ["stem.0.dense", "quant/no-match"],
    ["last(0)", "type/mismatch"],
    ["last(0.5)", "type/mismatch"],
    ["last(1, 2)", "type/unexpected-argument"],
    ["s1(2)", "type/unexpected-argument"],
    ["last(n)", "name/unknown-name"],
  ])("%s is told", (selector, code) => {
    const text = `${mine}model Net { input x: image[8, 8, 4]\n ${flow} }\nquant Q { ${low}\n at ${selector} { bn: batch } }`;
    expect(codesOf(compileFiles(text))).toEqual([code]);
    expect(codesOf(compileFiles(text, { entry: "Net", policy: "Q" }))).toEqual([code]);
  });

  it("a selector that matches in one of the models is no mistake", () => {
    const models = `model A { input x: image[8, 8, 4]\n a = x -> bn\n output a }\nmodel B { input x: image[8, 8, 4]\n b = x -> bn\n output b }`;
    expect(codesOf(compileFiles(`${models}\nquant Q { ${low}\n at a { bn: batch } }`))).toEqual([]);
    expect(codesOf(compileFiles(`${models}\nquant Q { ${low}\n at c { bn: batch } }`))).toEqual([
      "quant/no-match",
    ]);
  });
});

describe("on branches", () => {
  const model = `${mine}block Deep => conv(3x3) { branch dense = conv(3x3) -> bn\n branch deep = conv(1x1) -> bn -> conv(3x3) -> bn\n then relu }
model Net { input x: image[8, 8, 4]\n a = x -> relu -> Deep(4)\n output a }\n`;
  const quantizersOf = (policy: string) => {
    const text = `${model}quant Q { ${low}\n on: branches\n ${policy} }`;
    const { program, diagnostics } = compileFiles(text, { entry: "Net", policy: "Q" });
    expect(diagnostics.map(({ code }) => code)).toEqual(["quant/float-merge"]);
    expect(program?.deploy.instructions.some(({ op }) => op === "quantize")).toBe(false);
    return program!.train.instructions
      .filter(({ op }) => op === "quantize")
      .map(({ attributes: { path, low, bits } }) => `${path} ${low} of ${bits}`);
  };
  const all = [
    "a.1.input 0 of 4",
    "a.1.dense.0.kernel -8 of 4",
    "a.1.deep.0.kernel -8 of 4",
    // Behind a normalization numbers may be negative, whatever enters the block.
    "a.1.deep.2.input -8 of 4",
    "a.1.deep.2.kernel -8 of 4",
  ];

  it("each learned kernel and what it sees; a merge in floating point is told", () => {
    expect(quantizersOf("").toSorted()).toEqual(all.toSorted());
  });

  it("a selector may name one branch, or one convolution of it", () => {
    const found = quantizersOf(
      "at a.1.dense { weights: none }\n at a.*.deep.2 { weights: lsq(bits: 8)\n activations: none }",
    );
    const expected = [
      "a.1.input 0 of 4",
      "a.1.deep.0.kernel -8 of 4",
      "a.1.deep.2.kernel -128 of 8",
    ];
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it("a branch whose grid for the input is its own has a step of its own", () => {
    const found = quantizersOf("at a.1.dense { activations: lsq(bits: 8) }");
    const own = all.concat("a.1.dense.0.input 0 of 8");
    expect(found.toSorted()).toEqual(own.toSorted());
  });

  it("no other placement knows the inside of a block", () => {
    const text = `${model}quant Q { ${low}\n at a.1.dense { weights: none } }`;
    expect(codesOf(compileFiles(text, { entry: "Net", policy: "Q" }))).toEqual(["quant/no-match"]);
  });
});

describe("what a program says of its quantizers and statistics", () => {
  const compiled = (policy: string) => {
    const text = `${mine}model Net { input x: image[8, 8, 4]\n output x -> Mine(4) }\nquant Q { ${policy} }`;
    const { program, diagnostics } = compileFiles(text, { entry: "Net", policy: "Q" });
    expect(diagnostics).toEqual([]);
    return program!;
  };
  const attributesOf = (policy: string, op: string) =>
    compiled(policy)
      .train.instructions.filter((one) => one.op === op)
      .map(({ attributes }) => attributes);

  it("the printed graph has path, bits, granularity and reason of each", () => {
    const lines = printGraph(compiled(low).train).split("\n");
    const quantizers = lines.filter((line) => line.includes("= quantize"));
    expect(quantizers).toEqual([
      expect.stringMatching(
        /bits: 4.*path: output.0.input.*per: tensor.*\/\/ input of Mine, may be negative$/,
      ),
      expect.stringMatching(/bits: 4.*path: output.0.kernel.*per: channel.*\/\/ kernel of Mine$/),
    ]);
  });

  it("options that are not the default, and no others", () => {
    const options = "gradient: channel, mask: rounded, batch: false";
    const [given] = attributesOf(`weights: lsq(bits: 4, ${options})`, "quantize");
    expect(given).toMatchObject({ gradient: "channel", mask: "rounded", batch: false });
    const silent = "gradient: lsq, mask: unrounded, batch: true";
    const said = attributesOf(`weights: lsq(bits: 4, ${silent})`, "quantize");
    expect(said).toEqual(attributesOf("weights: lsq(bits: 4)", "quantize"));
    const [sampled] = attributesOf(
      "weights: lsq(bits: 4)\n bn: sampled(lattice: 4, images: 0.5, gradient: false)",
      "statistics",
    );
    expect(sampled).toMatchObject({ mode: "sampled", lattice: 4, images: 0.5, gradient: false });
  });

  it("where a learned step begins", () => {
    const begin = (how: string) => attributesOf(`weights: lsq(bits: 4, start: ${how})`, "quantize");
    expect(begin("range")[0]).toMatchObject({ start: "range" });
    expect(begin("error")[0]).toMatchObject({ start: "error" });
    expect(begin("mean")).toEqual(attributesOf("weights: lsq(bits: 4)", "quantize"));
  });

  it("statistics see the quantized input where they are told to", () => {
    const seen = (of: string) => {
      const { instructions } = compiled(`${low}\n bn: batch(of: ${of})`).train;
      const statistics = instructions.find(({ op }) => op === "statistics");
      return instructions.find(({ results }) => results[0] === statistics?.args[0])?.op;
    };
    expect([seen("unquantized"), seen("quantized")]).toEqual(["input", "quantize"]);
  });

  it("minmax has no step for a kernel in training, and one in the deployed form", () => {
    const program = compiled("weights: minmax(bits: 4)\n activations: minmax(bits: 4)");
    const steps = program.weights.filter(({ role }) => role === "step").map(({ path }) => path);
    expect(steps).toEqual(["output.0.input.step"]);
    expect(Object.keys(program.merge.outputs)).toContain("output.0.kernel.step");
    expect(program.deployed.map(({ path }) => path)).toContain("output.0.kernel.step");
  });
});

describe("settings", () => {
  it.each([
    ["weights: lsq", "type/missing-argument"],
    ["weights: lsq(4, channel, true, 1)", "type/unexpected-argument"],
    ["weights: lsq(bits: 1)", "quant/bits"],
    ["weights: lsq(bits: 4.5)", "quant/bits"],
    ["weights: lsq(bits: 4, per: row)", "name/unknown-value"],
    ["activations: lsq(bits: 4, per: channel)", "name/unknown-value"],
    ["sums: lsq(bits: 8, per: channel)", "name/unknown-value"],
    ["sums: 8", "type/mismatch"],
    ["weights: lsq(bits: 4, signed: maybe)", "name/unknown-value"],
    ["weights: lsq(bits: 4, bit: 3)", "name/unknown-argument"],
    ["weights: 4", "type/mismatch"],
    ["weights: lsq(bits: conv -> bn)", "type/mismatch"],
    ["bn: batched", "name/unknown-value"],
    ["bn: sampled(image: 3)", "name/unknown-argument"],
    ["bn: sampled(images: 0)", "type/out-of-range"],
    ["bn: sampled", "type/missing-argument"],
    ["bn: sampled(lattice: 1)", "type/out-of-range"],
    ["bn: sampled(lattice: 2.5)", "type/out-of-range"],
    ["bn: batch(of: images)", "name/unknown-value"],
    ["bn: batch(gradient: 0)", "name/unknown-value"],
    ["bn: frozen(of: quantized)", "name/unknown-argument"],
    ["bn: toString", "name/unknown-value"],
    ["weights: lsq(bits: 4, gradient: row)", "name/unknown-value"],
    ["weights: lsq(bits: 4, momentum: 0.1)", "name/unknown-argument"],
    ["weights: minmax(bits: 4, mask: rounded)", "name/unknown-argument"],
    ["weights: minmax(bits: 4, momentum: 0)", "type/out-of-range"],
    ["weights: constructor(bits: 4)", "quant/unknown-quantizer"],
    ["on: merge", "name/unknown-value"],
    ["at first { on: merged }", "quant/unknown-setting"],
  ])("%s", (setting, code) => {
    expect(codesOf(compileFiles(`quant Q { ${setting} }`))).toEqual([code]);
  });
});

describe("recipes", () => {
  const needed = "epochs: 2\n batch: 4\n rate: 0.1";

  it.each([
    ["epochs: 2\n batch: 4", "type/missing-argument"],
    [`epochs: 0\n batch: 4\n rate: 1`, "type/out-of-range"],
    [`epochs: 2\n batch: 1.5\n rate: 1`, "type/out-of-range"],
    [`epochs: 2\n batch: 4\n rate: -1`, "type/out-of-range"],
    [`epochs: true\n batch: 4\n rate: 1`, "type/mismatch"],
    [`${needed}\n loss: entropy`, "name/unknown-value"],
    [`${needed}\n optimizer: sgd(momentun: 0.9)`, "name/unknown-argument"],
    [`${needed}\n schedule: cosine -> linear`, "name/unknown-value"],
    [`${needed}\n schedule: (cosine + cosine) -> cosine`, "type/mismatch"],
    [`${needed}\n keep: first`, "name/unknown-value"],
    [`${needed}\n optimizer: sgd(momentum: 1)`, "type/out-of-range"],
    [`${needed}\n optimizer: adam(epsilon: 0)`, "type/out-of-range"],
    [`${needed}\n loss: cross_entropy(smoothing: 5)`, "type/out-of-range"],
    [`${needed}\n schedule: warmup`, "type/missing-argument"],
    [`${needed}\n schedule: warmup(epochs: 0)`, "type/out-of-range"],
    [`${needed}\n schedule: warmup(epochs: 1)`, "type/mismatch"],
    [`${needed}\n schedule: cosine -> warmup(epochs: 1)`, "type/mismatch"],
    [`${needed}\n schedule: constant -> cosine`, "type/mismatch"],
  ])("%s", (settings, code) => {
    expect(codesOf(compileFiles(`recipe R { ${settings} }`))).toEqual([code]);
  });
});

describe("what stands beside convolutions", () => {
  it("`first` and `last` are convolutions, whatever stands in front of them or behind", () => {
    const flow = "a = x -> bn -> relu -> conv(3x3) -> relu\n output a -> conv(1x1) -> relu -> bn";
    const policy = `Q {\n ${low}\n at first, last { weights: lsq(bits: 8) }\n}`;
    expect(placed(flow, policy).map(({ path, kernel }) => [path, kernel])).toEqual([
      ["a.0", "-8..7 each"],
      ["a.2", "-128..127 each"],
      ["output.0", "-128..127 each"],
      ["output.2", "-8..7 each"],
    ]);
  });

  it("a policy's statistics hold in floating-point training too", () => {
    const text = `${mine}model Net { input x: image[8, 8, 4]\n output x -> Mine(4) }\nquant Q { bn: estimated }`;
    const { program } = compileFiles(text, { entry: "Net", policy: "Q" });
    const found = program!.train.instructions.filter(({ op }) => op === "statistics");
    expect(found.map(({ attributes }) => attributes["mode"])).toEqual(["estimated"]);
  });
});
