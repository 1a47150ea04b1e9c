/** S10: where a policy puts its quantizers, and what it says of normalizations. */
import { describe, expect, it } from "vitest";
import type { Quantizer } from "../../compiler/ir/index.ts";
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
    ["weights: lsq(bits: 4, signed: false)\n activations: none", "none", "0..15 each"],
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

describe("settings", () => {
  it.each([
    ["weights: lsq", "type/missing-argument"],
    ["weights: lsq(4, channel, true, 1)", "type/unexpected-argument"],
    ["weights: lsq(bits: 1)", "quant/bits"],
    ["weights: lsq(bits: 4.5)", "quant/bits"],
    ["weights: lsq(bits: 4, per: row)", "name/unknown-value"],
    ["activations: lsq(bits: 4, per: channel)", "name/unknown-value"],
    ["weights: lsq(bits: 4, signed: maybe)", "name/unknown-value"],
    ["weights: lsq(bits: 4, bit: 3)", "name/unknown-argument"],
    ["weights: 4", "type/mismatch"],
    ["weights: lsq(bits: conv -> bn)", "type/mismatch"],
    ["bn: batched", "name/unknown-value"],
    ["bn: sampled(image: 3)", "name/unknown-argument"],
    ["bn: sampled(images: 0)", "type/out-of-range"],
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
  ])("%s", (settings, code) => {
    expect(codesOf(compileFiles(`recipe R { ${settings} }`))).toEqual([code]);
  });
});
