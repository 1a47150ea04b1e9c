/** S10: quantizers at the operands of sums between flows. */
import { describe, expect, it } from "vitest";
import { printGraph, type Quantizer } from "../../compiler/ir/index.ts";
import { compileFiles } from "./compile-files.ts";

const mine =
  "block Mine(act: activation = relu) => conv(3x3) { branch dense = conv(3x3) -> bn\n then act }\n";
const low = "weights: lsq(bits: 4)\n activations: lsq(bits: 4)";

function range({ low: least, high }: Quantizer): string {
  return `${least}..${high}`;
}

describe("sums", () => {
  const flow =
    "a = x -> relu -> Mine(4)\n b = a + (a -> Mine(4, act: none)) + x -> relu\n output (b -> Mine(4)) + b";
  /** Paths and ranges of all operands, in the order of the model. */
  const operands = (settings: string, placement = "merged") => {
    const text = `${mine}model Net { input x: image[8, 8, 4]\n ${flow} }\nquant Q { ${low}\n on: ${placement}\n ${settings} }`;
    const { model, program, diagnostics } = compileFiles(text, { entry: "Net", policy: "Q" });
    expect(diagnostics.filter(({ code }) => code !== "quant/float-merge")).toEqual([]);
    const found = [...(model?.quantizers.values() ?? [])]
      .flatMap(({ left, right }) => [left, right])
      .filter((one) => one !== undefined);
    return { found, program: program! };
  };
  const all = [
    "b.sum.left 0..255",
    "b.sum.right -128..127",
    "b.sum2.left -128..127",
    "b.sum2.right -128..127",
    "output.sum.left 0..255",
    "output.sum.right 0..255",
  ];
  const eight = "sums: lsq(bits: 8)";
  const named = (settings: string) =>
    operands(settings).found.map((one) => `${one.path} ${range(one)}`);

  it("stay as they are where the policy does not speak of them", () => {
    expect(named("")).toEqual([]);
    expect(named("sums: none")).toEqual([]);
  });

  it("have a quantizer at each operand, with a range after what it may be", () => {
    expect(named(eight)).toEqual(all);
  });

  it.each([
    ["b", all.slice(4)],
    ["b.sum2", all.filter((one) => !one.startsWith("b.sum2"))],
    ["**.sum", all.slice(2, 4)],
    ["output.sum", all.slice(0, 4)],
  ])("are selected by path: none at %s", (selector, expected) => {
    expect(named(`${eight}\n at ${selector} { sums: none }`)).toEqual(expected);
  });

  it.each([
    ["at first, last(9) { sums: none }", "first", "`sums` is for"],
    ["at b.sum { weights: none }", "b.sum", "`weights` is for"],
    [
      "at b.sum, a.0 { weights: none\n activations: none }",
      "b.sum",
      "`weights` or `activations` is for",
    ],
  ])("are told where a setting is for none of what it is at: %s", (settings, selector, what) => {
    const text = `${mine}model Net { input x: image[8, 8, 4]\n ${flow} }\nquant Q { ${low}\n ${settings} }`;
    const { diagnostics } = compileFiles(text, { entry: "Net", policy: "Q" });
    const messages = diagnostics
      .filter(({ code }) => code === "quant/no-match")
      .map(({ message }) => message);
    expect(messages[0]).toBe(`\`${selector}\` matches nothing that ${what} in model \`Net\``);
  });

  it.each(["merged", "after_merge"])(
    "are quantized in training and as deployed, on %s",
    (placement) => {
      const { program } = operands(eight, placement);
      const steps = all.map((one) => `${one.split(" ")[0]}.step`);
      const paths = (list: readonly { readonly path: string }[]) => list.map(({ path }) => path);
      expect(paths(program.weights)).toEqual(expect.arrayContaining(steps));
      expect(paths(program.deployed)).toEqual(expect.arrayContaining(steps));
      expect(Object.keys(program.merge.outputs)).toEqual(expect.arrayContaining(steps));
      for (const graph of [program.train, program.deploy]) {
        const makers = new Map(graph.instructions.map((one) => [one.results[0], one]));
        const sums = graph.instructions.filter(
          ({ op, attributes }) => op === "add" && !attributes["path"],
        );
        const added = sums.filter(({ args }) =>
          args.every((arg) => makers.get(arg)?.op === "quantize"),
        );
        expect(added).toHaveLength(3);
      }
    },
  );

  it("have zero points where the quantizer has", () => {
    const { program } = operands("sums: lsq_plus(bits: 8)");
    const shapes = program.weights.flatMap(({ path, shape }) =>
      path.startsWith("b.sum.") ? [[path, ...shape]] : [],
    );
    expect(shapes).toEqual([["b.sum.left.step"], ["b.sum.right.step", 2]]);
  });

  it("say in the printed graph where they are and why", () => {
    const lines = printGraph(operands(eight).program.train).split("\n");
    expect(lines.filter((line) => line.includes("path: b.sum2.left"))).toEqual([
      expect.stringMatching(/%.*weight/),
      expect.stringMatching(
        /bits: 8.*path: b.sum2.left,.*per: tensor.*\/\/ left operand of a sum, may be negative$/,
      ),
    ]);
  });
});
