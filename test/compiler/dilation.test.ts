/** A promise with a dilation deploys, and trains once merged, as its taps: nowhere as a kernel with zeros between them. */
import { describe, expect, it } from "vitest";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Graph, Instruction, Program } from "../../compiler/ir/index.ts";
import { codesOf, compileFiles } from "./compile-files.ts";

/** The re-parametrized block that segmentation networks use in the place of strides. */
const atrous = `block A(d: int = 2, stride: int = 1) => conv(3x3, dilation: d, stride: stride) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
  branch deep  = conv(1x1) -> bn -> conv(3x3) -> bn
  branch skip  = identity -> bn    when in == out and stride == 1
  then relu
}
quant Q(on_kernel: int = 4) {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}
quant After {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          after_merge
}
quant Apart {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          branches
}
`;

/** A block may be dearer than its branches. */
function errorsOf({ diagnostics }: ReturnType<typeof compileFiles>): readonly string[] {
  return diagnostics.filter(isError).map(({ code }) => code);
}

function compiled(text: string, entry: string, policy?: string): Program {
  const found = compileFiles(text, { entry, shape: [12, 11, 8], ...(policy && { policy }) });
  expect(errorsOf(found)).toEqual([]);
  if (!found.program) throw new Error("no program");
  return found.program;
}

function all({ instructions }: Graph, op: string): readonly Instruction[] {
  return instructions.filter((one) => one.op === op);
}

function attribute(graph: Graph, name: string): readonly unknown[] {
  return all(graph, "conv").map(({ attributes }) => attributes[name]);
}

/** Height by width of the kernels that a graph's convolutions and statistics use. */
function kernelSizes(graph: Graph): readonly string[] {
  const types = new Map(graph.instructions.flatMap(({ results, types: own }) =>
    results.map((id, index) => [id, own[index]] as const))); // prettier-ignore
  return [...all(graph, "conv"), ...all(graph, "statistics")].flatMap(({ args }) => {
    const type = types.get(args[1] ?? "");
    return type?.kind === "kernel" ? [`${type.height}x${type.width}`] : [];
  });
}

describe("a promise with a dilation", () => {
  it("deploys as its taps", () => {
    const { deploy, merge, deployed } = compiled(atrous, "A(8)", "Q");
    expect(attribute(deploy, "dilation")).toEqual([2]);
    expect(attribute(deploy, "pads")).toEqual([[2, 2, 2, 2]]);
    expect(kernelSizes(deploy)).toEqual(["3x3"]);
    expect(deployed.find(({ path }) => path === "kernel")?.shape).toEqual([3, 3, 8, 8]);
    expect(all(merge, "dilate")).toEqual([]);
  });

  it.each([undefined, "Q", "After", "Apart"])("trains without zeros under %s", (policy) => {
    const { train } = compiled(atrous, "A(8)", policy);
    expect(all(train, "dilate")).toEqual([]);
    const sizes = new Set(kernelSizes(train));
    expect([...sizes].every((size) => size === "3x3" || size === "1x1")).toBe(true);
    expect(sizes.has("3x3")).toBe(true);
    for (const { attributes, args } of all(train, "conv")) {
      const kernel = train.instructions.find(({ results }) => results[0] === args[1])?.types[0];
      const isPoint = kernel?.kind === "kernel" && kernel.height === 1;
      expect(attributes["dilation"]).toBe(isPoint ? undefined : 2);
    }
  });

  it("quantizes, per channel, as many numbers as there are taps", () => {
    const { train } = compiled(atrous, "A(8)", "Q");
    const kernels = all(train, "quantize").flatMap(({ types }) =>
      types[0]?.kind === "kernel" ? [types[0]] : [],
    );
    expect(kernels).toMatchObject([{ height: 3, width: 3, in: 8, out: 8 }]);
  });

  it("of one tap, or of 1, leaves no trace", () => {
    const text = "block A(k: int) => conv(k, dilation: 3) {\n  branch a = conv(k) -> bn\n}\n";
    expect(attribute(compiled(text, "A(8, 1)").deploy, "dilation")).toEqual([undefined]);
    expect(attribute(compiled(atrous, "A(8, 1)").deploy, "dilation")).toEqual([undefined]);
    expect(attribute(compiled(text, "A(8, 3)").deploy, "dilation")).toEqual([3]);
  });
});

describe("without a promised size", () => {
  const net = (flow: string) => `model Net { input x: image[12, 11, 8]\n output ${flow} }`;

  it.each([
    ["all branches as far apart", "conv(3x3, dilation: 2)", "identity", 2, "3x3"],
    ["a multiple", "conv(3x3, dilation: 4)", "conv(3x3, dilation: 2)", 2, "5x5"],
    ["nothing in common", "conv(3x3, dilation: 3)", "conv(3x3, dilation: 2)", undefined, "7x7"],
    ["taps between the others'", "conv(3x3, dilation: 2)", "conv(3x3)", undefined, "5x5"],
    ["a row and a column", "conv(1x3, dilation: 2) -> conv(3x1, dilation: 2)", "identity", 2, "3x3"],
  ])("the dilation follows from the branches: %s", (_, a, b, dilation, size) => {
    const text = `block A => conv {\n branch a = ${a}\n branch b = ${b} -> bn\n}`;
    const { deploy } = compiled(text, "A(8)");
    expect(attribute(deploy, "dilation")).toEqual([dilation]);
    expect(kernelSizes(deploy)).toEqual([size]);
  }); // prettier-ignore

  it("a convolution between blocks keeps its own", () => {
    const { deploy } = compiled(net("x -> conv(3x3, out: 4, dilation: 3) -> bn -> relu"), "Net");
    expect(attribute(deploy, "dilation")).toEqual([3]);
    expect(kernelSizes(deploy)).toEqual(["3x3"]);
  });
});

describe("taps that the promise does not have are refused", () => {
  const block = (promise: string, branch: string) =>
    `kernel Edge = [[1, 0, -1]]\nblock A => ${promise} {\n branch a = conv(3x3) -> bn\n branch b = ${branch}\n}`;

  it.each([
    ["conv(3x3, dilation: 1)", "conv"],
    ["conv(1x1) -> bn -> avg(3x3) -> bn", "avg"],
    ["conv(1x1) -> filter(Edge)", "filter"],
    ["conv(3x3, dilation: 2) -> conv(2x2, dilation: 1, anchor: 1x1)", "conv"],
  ])("%s", (branch, op) => {
    const { diagnostics } = compileFiles(block("conv(5x5, dilation: 2)", branch), {
      entry: "A(8)",
      shape: [12, 11, 8],
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(["merge/off-lattice"]);
    const [{ span, message, help, label }] = diagnostics as [(typeof diagnostics)[0]];
    expect(span?.source.text.slice(span.start, span.end)).toMatch(new RegExp(`^${op}\\(`));
    expect(message).toBe("branch `b` has taps between those of `conv(5x5, dilation: 2)`");
    expect(label).toBe(`the taps of this \`${op}\` are 1 apart`);
    expect(help).toBe(
      "say `dilation: 2` here too, or promise `conv(9x9)`, which has taps there too",
    );
  });

  it.each([
    ["conv(3x3, dilation: 2)", "conv(3x3) -> conv(3x3)", "merge/branch-too-wide"],
    ["conv(3x3, dilation: 2)", "conv(2x2)", "merge/parity"],
    ["conv(3x3, dilation: 3)", "conv(2x2)", "merge/parity"],
    ["conv(3x3, dilation: 2)", "(conv(3x3) + conv(2x2))", "merge/parity"],
    ["conv(3x3, dilation: 2)", "conv(3x3, anchor: 1x1)", "merge/off-anchor"],
  ])("%s with %s", (promise, branch, code) => {
    const found = compileFiles(block(promise, branch), { entry: "A(8)", shape: [12, 11, 8] });
    expect(codesOf(found)).toEqual([code]);
  });

  it.each([
    ["two even kernels", "conv(3x3, dilation: 2)", "conv(2x2) -> conv(2x2)"],
    ["an anchor", "conv(3x3, dilation: 2)", "conv(2x2, anchor: 1x1)"],
    ["fixed taps as far apart", "conv(3x3, dilation: 2)", "conv(1x1) -> avg(3x3, dilation: 2)"],
    ["a depthwise kernel", "conv(3x3, dilation: 2)", "depthwise(3x3) -> conv(1x1)"],
    ["a multiple", "conv(5x5, dilation: 2)", "conv(3x3, dilation: 4)"],
  ])("but not %s", (_, promise, branch) => {
    const found = compileFiles(block(promise, branch), { entry: "A(8)", shape: [12, 11, 8] });
    expect(errorsOf(found)).toEqual([]);
  });
});
