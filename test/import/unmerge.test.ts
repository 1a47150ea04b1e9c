import { beforeAll, describe, expect, it } from "vitest";
import { mergeArrays } from "../../compiler/ir/index.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { CannotUnmerge, importWeights, type NamesTable } from "../../runtime/import/index.ts";
import { Random } from "../../runtime/random.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { runGraph, runTrainGraph } from "../support/run-program.ts";
import { toOurLayout } from "../support/torch-weights.ts";
import { compileModel } from "./compile-model.ts";
import { checkpointOf, tensor } from "./fake-checkpoint.ts";

/** A checkpoint whose names are our paths already. */
const ownNames: NamesTable = { of: "", pathOf: (name) => name };

const blocks = [
  ["repvgg", "RepVGG(6)", 6],
  ["repvgg", "RepVGG(8, stride: 2)", 6],
  ["repvgg", "RepVGG(6, groups: 3)", 6],
  ["ecb", "ECB(6)", 4],
  ["ecb", "ECB(6, residual: true)", 6],
  ["dbb", "DBB(6)", 6],
  ["dbb", "DBB(8, groups: 2, stride: 2)", 4],
  ["mobileone", "MobileOne(6, groups: 6)", 6],
  ["mobileone", "MobileOne(8, k: 1)", 6],
  ["acnet", "ACNet(6)", 6],
  ["acnet", "ACNet(5, k: 5, stride: 2)", 4],
  ["qarepvgg", "QARepVGG(6)", 6],
  ["orepa", "OREPA(6)", 6],
] as const;

/** Draws what a deployed checkpoint of a block holds, kernels OIHW; alone in `deployed`, HWIO. */
function drawDeployed(program: ReturnType<typeof compileModel>["program"], seed: number) {
  const random = Random.fromSeed(seed);
  const stored = program.deployed.map(({ path, shape }) => {
    const [height, width, inputs, outputs] = shape;
    const own = shape.length === 4 ? [outputs!, inputs!, height!, width!] : shape;
    return [path, tensor(own, () => random.normal(0, 0.5))] as const;
  });
  const deployed = stored.map(([path, one]) => [path, toOurLayout(one, one.shape.length)] as const);
  return { checkpoint: checkpointOf(stored), deployed: new Map(deployed) };
}

describe.each(blocks)("%s: %s", (file, entry, channels) => {
  const compiled = compileModel(`blocks/${file}.repq`, entry, { shape: [7, 6, channels] });
  const { program, model } = compiled;
  const { checkpoint, deployed } = drawDeployed(program, 3);
  const unmerge = (seed = 0) =>
    importWeights({
      ...compiled,
      checkpoint,
      file: "a.pth",
      tables: [ownNames],
      unmerge: { seed },
    });

  beforeAll(async () => void (await openBackend("cpu")));

  it("merges to what it was unmerged from", async () => {
    const { weights, unmerged } = await unmerge();
    const island = model.nodes.find((node) => node.kind === "island")!;
    const merged = mergeArrays(island, (path) => Float64Array.from(weights.get(path)!.data));
    expect(unmerged).toEqual([""]);
    const noise = 2 ** -22 * Math.max(...[...weights.values()].map(({ data }) => magnitude(data)));
    expect(distance(merged.kernel.data, deployed.get("kernel")!.data)).toBeLessThan(noise);
    expect(distance(merged.bias, deployed.get("bias")!.data)).toBeLessThan(noise);
  });

  it("runs as what it was unmerged from", async () => {
    const { weights } = await unmerge();
    const random = Random.fromSeed(8);
    const x = tensor([2, 7, 6, channels], () => random.normal(0, 1));
    const branches = await runTrainGraph(program, "eval", weights, x);
    const { outputs } = await runGraph(program.deploy, "eval", deployed, x);
    const expected = outputs.get("output")!;
    expect(branches.shape).toEqual(expected.shape);
    expect(distance(branches.data, expected.data)).toBeLessThan(1e-5 * magnitude(expected.data));
  });

  it("leaves the other branches as they begin, by the seed", async () => {
    const { weights } = await unmerge(5);
    const initial = initialWeights(program, 5);
    const changed = [...initial].filter(
      ([path, { data }]) => distance(data, weights.get(path)!.data) > 0,
    );
    const given = [...deployed.keys()].filter((path) => initial.has(path));
    expect(changed.length).toBe(2 + given.length);
    expect(await unmerge(5)).toEqual(await unmerge(5));
    expect((await unmerge(6)).weights).not.toEqual(weights);
  });
});

it("a dilated block takes the kernel of its taps", async () => {
  const text = `block Mine => conv(3x3, dilation: 2) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
}`;
  const compiled = compileModel("mine.repq", "Mine(4)", { text, shape: [6, 6, 4] });
  const { checkpoint, deployed: given } = drawDeployed(compiled.program, 1);
  expect(given.get("kernel")?.shape).toEqual([3, 3, 4, 4]);
  const tables = [ownNames];
  const { weights } = await importWeights({
    ...compiled,
    checkpoint,
    file: "a.pth",
    tables,
    unmerge: { seed: 0 },
  });
  const island = compiled.model.nodes.find((node) => node.kind === "island")!;
  const merged = mergeArrays(island, (path) => Float64Array.from(weights.get(path)!.data));
  const size = magnitude(given.get("kernel")!.data);
  expect(distance(merged.kernel.data, given.get("kernel")!.data)).toBeLessThan(1e-6 * size);
});

describe("what has no dense branch", () => {
  const cannot = async (branches: string) => {
    const text = `block Mine => conv(3x3) {\n${branches}\n}`;
    const compiled = compileModel("mine.repq", "Mine(4)", { text, shape: [6, 6, 4] });
    const { checkpoint } = drawDeployed(compiled.program, 1);
    const tables = [ownNames];
    return expect(
      importWeights({ ...compiled, checkpoint, file: "a.pth", tables, unmerge: { seed: 0 } }),
    );
  };

  it.each([
    ["only thin kernels", "branch a = conv(1x3) -> bn\nbranch b = conv(3x1) -> bn"],
    ["a kernel in front of another", "branch a = conv(3x3) -> conv(1x1) -> bn"],
    ["nothing that adds", "branch a = conv(3x3)\nbranch b = conv(1x1)"],
    ["only more groups", "branch a = conv(3x3, groups: 2) -> bn\nbranch b = conv(1x1)"],
    ["a factor of zero", "branch a = conv(3x3) -> scale(init: 0.0) -> bn"],
    ["kernels side by side", "branch a = concat(conv(3x3, out: 2) -> bn, conv(3x3, out: 2) -> bn)"],
    ["a turned kernel", "branch a = flip(conv(3x3)) -> bn"],
  ])("is refused: %s", async (_, branches) => {
    await (await cannot(branches)).rejects.toThrow(CannotUnmerge);
  });

  it("is no matter where one of the other branches has one", async () => {
    const branches = "branch a = conv(3x3) -> conv(1x1)\nbranch b = (conv(3x3) -> bn - conv(1x1))";
    await (await cannot(branches)).resolves.toMatchObject({ unmerged: [""] });
  });
});
