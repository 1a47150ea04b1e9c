/** What the forms of blocks cost, by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelText } from "../../compiler/7-emit/index.ts";
import { compile } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import { bytesInUnits, costOf, inUnits, type ModelCost } from "../../compiler/ir/index.ts";
import { textHost } from "../support/compile-text.ts";
import { randomBlocks } from "../support/random-block.ts";
import { specHost } from "../support/spec-host.ts";

interface Entry {
  readonly entry: string;
  readonly shape?: readonly number[];
  readonly policy?: string;
}

function compileOnly(text: string, { entry, shape, policy }: Entry) {
  const request = { entry, ...(shape && { shape }), ...(policy !== undefined && { policy }) };
  const compiled = compile({ file: "sample.repq", ...request }, textHost(text));
  const errors = compiled.diagnostics.filter(isError);
  if (!compiled.model || !compiled.program)
    throw new Error([text, ...errors.map(({ message }) => message)].join("\n"));
  return { model: compiled.model, program: compiled.program };
}

function costOfText(text: string, entry: Entry): ModelCost {
  return costOf(compileOnly(text, entry).model);
}

/** One block of one branch, 4 to 6 channels on an 8x10 map. */
function costOfChain(chain: string, promise = "conv(3x3)", out = 6) {
  const text = `block Sample => ${promise} {\n  branch b = ${chain}\n}`;
  return costOfText(text, { entry: `Sample(${out})`, shape: [8, 10, 4] }).total;
}

describe("multiply-accumulates of branches", () => {
  it.each([
    ["a convolution", "conv(3x3)", 80 * 9 * 4 * 6],
    ["a norm: one for each number", "conv(3x3) -> bn", 80 * 9 * 4 * 6 + 80 * 6],
    ["groups", "conv(3x3, groups: 2)", 80 * 9 * 2 * 6],
    ["a smaller kernel, where the promise has its middle", "conv(1x3)", 80 * 3 * 4 * 6],
    ["a first 1x1, on the padding too", "conv(1x1, out: 2) -> conv(3x3)", 120 * 8 + 80 * 9 * 2 * 6],
    ["a norm of the padded input", "bn -> conv(3x3)", 120 * 4 + 80 * 9 * 4 * 6],
    ["depthwise", "depthwise(3x3, multiplier: 2) -> conv(1x1)", 80 * 9 * 8 + 80 * 8 * 6],
    ["a window", "conv(1x1) -> avg(3x3)", 120 * 24 + 80 * 9 * 6],
    ["a filter by formula", "conv(1x1) -> filter(dct(3x3))", 120 * 24 + 80 * 9 * 6],
    ["no more for zeros between taps", "conv(2x2, dilation: 2)", 80 * 4 * 4 * 6],
    ["a sum, each term where it lies", "(conv(3x3) - conv(1x1))", 80 * 9 * 24 + 80 * 24],
    ["parts of a concat", "concat(conv(3x3, out: 2), identity)", 80 * 9 * 8],
    ["parts of a split", "split(conv(3x3, out: 3), conv(1x1, out: 3))", 80 * 9 * 6 + 80 * 6],
    ["no more for the identity of a residual", "conv(1x1, residual: true) -> conv(3x3)", 120 * 16 + 80 * 9 * 24], // prettier-ignore
    ["no more for channels that are left out", "slice(1, 2) -> conv(3x3)", 80 * 9 * 12],
    ["nothing for a sign", "conv(3x3) -> negate", 80 * 9 * 24],
  ])("count %s", (_, chain, expected) => {
    expect(costOfChain(chain).branches.multiplyAccumulates).toBe(expected);
  });

  it("count the stride where it is taken", () => {
    const { branches, merged } = costOfChain(
      "conv(1x1) -> bn -> conv(3x3) -> bn",
      "conv(3x3, stride: 2)",
    );
    // 8x10 padded to 10x12; 4x5 outputs.
    expect(branches.multiplyAccumulates).toBe(120 * 24 + 120 * 6 + 20 * 9 * 36 + 20 * 6);
    expect(merged.multiplyAccumulates).toBe(20 * 9 * 24);
  });

  it("of a dilated promise are those of its taps", () => {
    const { branches, merged, deployed } = costOfChain("conv(3x3)", "conv(3x3, dilation: 2)");
    expect(merged).toEqual({
      multiplyAccumulates: 80 * 9 * 24,
      parameters: 9 * 24 + 6,
      bytes: 4 * (9 * 24 + 6),
    });
    expect(deployed).toEqual(merged);
    expect(branches.multiplyAccumulates).toBe(80 * 9 * 24);
  });

  it("of a block whose `then` strides count its branches before", () => {
    const text =
      "block Sample => conv(3x3, stride: 2) {\n  branch b = conv(1x1)\n  then conv(3x3)\n}";
    const { branches } = costOfText(text, { entry: "Sample(6)", shape: [8, 10, 4] }).total;
    expect(branches.multiplyAccumulates).toBe(120 * 24 + 20 * 9 * 36);
  });

  it("of features have one position", () => {
    const text =
      "model Net {\n  input image: image[8, 8, 4]\n  output image -> global_avg -> dense(10)\n}";
    const { nodes, total } = costOfText(text, { entry: "Net" });
    expect(nodes.map(({ label }) => label)).toEqual(["dense"]);
    expect(total.branches).toEqual({ multiplyAccumulates: 40, parameters: 50, bytes: 200 });
  });
});

describe("parameters and bytes", () => {
  const text = `block Sample => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1, bias: true) -> scale
  then bn -> prelu
}
quant Q(bits: int = 4, on_kernel: int = 1) {
  weights:     lsq(bits: bits, per: channel)
  activations: lsq(bits: 8, per: tensor)
  bn:          batch
}
quant Tensorwise {
  weights:     lsq(bits: 5, per: tensor)
  activations: none
}
quant Loose {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          branches
}
`;
  const block = { entry: "Sample(5)", shape: [4, 4, 3] };
  // 135 + bn 10, 15 + bias 5 + scale 5, bn 10, prelu 5; statistics 2 x 10.
  const branches = { parameters: 185, bytes: (185 + 20) * 4 };
  const merged = { parameters: 135 + 5 + 5, bytes: 145 * 4 };

  it("leave statistics out of parameters, not out of bytes", () => {
    const { total, nodes } = costOfText(text, block);
    expect(total.branches).toMatchObject(branches);
    expect(total.merged).toMatchObject(merged);
    expect(total.deployed).toEqual(total.merged);
    expect(nodes.map(({ label }) => label)).toEqual(["Sample", "prelu"]);
    expect(nodes[1]?.branches).toEqual({ multiplyAccumulates: 0, parameters: 5, bytes: 20 });
  });

  it.each([
    // 135 levels of 4 bits, 5 biases and 5 alphas, 5 + 1 steps.
    ["Q", 68 + 40 + 24],
    ["Q(3)", 68 + 40 + 24],
    ["Q(2)", 68 + 40 + 24],
    ["Q(8)", 135 + 40 + 24],
    ["Tensorwise", 135 + 40 + 4],
    ["Loose", 145 * 4],
  ])("of what policy %s deploys", (policy, bytes) => {
    const { total } = costOfText(text, { ...block, policy });
    expect(total.deployed).toMatchObject({ parameters: 145, bytes });
    expect(total.branches).toMatchObject(branches);
    expect(total.merged).toMatchObject(merged);
  });

  it("of a sum are the steps at its operands", () => {
    const net = `model Net { input x: image[4, 4, 3]\n output x + (x -> conv(1x1)) }\nquant Q { sums: lsq(bits: 8) }`;
    const { nodes } = costOfText(net, { entry: "Net", policy: "Q" });
    const none = { multiplyAccumulates: 0, parameters: 0, bytes: 0 };
    expect(nodes.find(({ path }) => path === "output.sum")).toMatchObject({
      label: "sum",
      branches: none,
      deployed: { ...none, bytes: 8 },
    });
    expect(costOfText(net, { entry: "Net" }).nodes).toHaveLength(1);
  });

  it("are those of the weights that the program lists", () => {
    const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
    fc.assert(
      fc.property(randomBlocks({ isDyadic: false, least: 4, most: 9 }), (drawn) => {
        const { model, program } = compileOnly(drawn.text, drawn);
        const { total } = costOf(model);
        const learned = program.weights.filter(({ role }) => role !== "statistic");
        const sum = (specs: readonly { readonly shape: readonly number[] }[]) =>
          specs.reduce((all, { shape }) => all + size(shape), 0);
        expect(total.branches.parameters).toBe(sum(learned));
        expect(total.branches.bytes).toBe(4 * sum(program.weights));
        expect(total.merged.parameters).toBe(sum(program.deployed));
        expect(Number.isInteger(total.branches.multiplyAccumulates)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

it("the text of a model says what each block costs", () => {
  const text = "block Sample => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}";
  const { model } = compileOnly(text, { entry: "Sample(5)", shape: [10, 10, 4] });
  expect(modelText(model)).toContain(
    // 100 · 9 · 4 · 5 + 100 · 5; 180 + 10 and 10 statistics; 180 + 5.
    "\n    cost of branches: 18.5 k MACs, 190 parameters, 800 B; merged: 18.0 k MACs, 185 parameters, 740 B; deployed: 740 B\n",
  );
});

describe("published models", () => {
  // Parameters as papers and their code count them: training, deployed. Multiply-accumulates where the paper has them.
  it.each([
    ["models/repvgg.repq", "RepVGG_A0", 9_108_968, 8_309_384, "1.36 G"],
    ["models/repvgg.repq", "RepVGG_B0", 15_817_960, 14_339_048, "3.06 G"],
    ["models/ac-resnet18.repq", "AC_ResNet18", 19_028_520, 11_684_712, "1.81 G"],
    ["models/orepa-resnet18.repq", "OREPA_ResNet18", 37_756_041, 11_684_712, "1.81 G"],
    ["models/mobileone.repq", "MobileOne_S0", 5_293_272, 2_078_504, "275 M"],
  ])("%s %s", (file, entry, training, deployed, multiplications) => {
    const { model } = compile({ file, entry }, specHost);
    const { total } = costOf(model!);
    expect(total.branches.parameters).toBe(training);
    expect(total.deployed.parameters).toBe(deployed);
    expect(inUnits(total.deployed.multiplyAccumulates)).toBe(multiplications);
  });
});

describe("units", () => {
  it.each([
    [0, "0", "0 B"],
    [512, "512", "512 B"],
    [999, "999", "999 B"],
    [1000, "1.00 k", "1.00 kB"],
    [9994, "9.99 k", "9.99 kB"],
    [9999, "10.0 k", "10.0 kB"],
    [99_949, "99.9 k", "99.9 kB"],
    [999_499, "999 k", "999 kB"],
    [999_999, "1.00 M", "1.00 MB"],
    [1_361_451_008, "1.36 G", "1.36 GB"],
  ])("of %d", (count, plain, bytes) => {
    expect(inUnits(count)).toBe(plain);
    expect(bytesInUnits(count)).toBe(bytes);
  });
});
