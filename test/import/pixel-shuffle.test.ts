import { describe, expect, it } from "vitest";
import { importWeights, type NamesTable } from "../../runtime/import/index.ts";
import { compileModel } from "./compile-model.ts";
import { checkpointOf, tensor } from "./fake-checkpoint.ts";

const ownNames: NamesTable = { of: "", pathOf: (name) => name };

const blocks = `
block Wide => conv(3x3, bias: true) {
  branch dense  = conv(3x3)
  branch edge   = conv(1x1) -> avg(3x3) -> affine
  branch narrow = conv(1x1, out: 5) -> conv(3x3)
  then prelu
}

block Skip => conv(3x3, bias: true) {
  branch dense = conv(3x3)
  branch skip  = identity
}

block Split => conv(3x3, bias: true) {
  branch dense = concat(conv(3x3, out: 4), conv(3x3, out: 8))
}
`;

async function importAll(flow: string, output = "body -> depth_to_space(2)") {
  const text = `${blocks}
model Net {
  input image: image[4, 4, 3]
  ${flow}
  output ${output}
}
`;
  const compiled = compileModel("net.repq", "Net", { text });
  const stored = compiled.program.weights.map(({ path, shape }) => {
    const [height, width, inputs, outputs = 0] = shape;
    // Every number is the output that it belongs to.
    const own = shape.length === 4 ? [outputs, inputs!, height!, width!] : shape;
    const size = own.slice(1).reduce((a, b) => a * b, 1);
    let index = 0;
    return [path, tensor(own, () => Math.floor(index++ / size))] as const;
  });
  const request = { ...compiled, file: "a.pth", tables: [ownNames] };
  const { weights } = await importWeights({ ...request, checkpoint: checkpointOf(stored) });
  return (path: string) => {
    const { shape, data } = weights.get(path)!;
    return Array.from(data.slice(0, shape.at(-1)));
  };
}

const colours = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11];
const plain = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("channels in front of `depth_to_space`", () => {
  it("come in PyTorch's order from a checkpoint: every weight that makes them, and no other", async () => {
    const outputsOf = await importAll("body = image -> conv(3x3, out: 3, bias: true) -> Wide(12)");
    const reordered = ["dense.0", "edge.0", "narrow.1"].flatMap((step) => [
      `${step}.kernel`,
      `${step}.bias`,
    ]);
    for (const name of [...reordered, "edge.2.scale", "edge.2.bias", "then.0.alpha"])
      expect(outputsOf(`body.1.${name}`), name).toEqual(colours);
    expect(outputsOf("body.1.narrow.0.kernel")).toEqual(plain(5));
    expect(outputsOf("body.1.narrow.0.bias")).toEqual(plain(5));
    expect(outputsOf("body.0.kernel")).toEqual(plain(3));
  });

  it("do so through sums, with a tiled image beside them", async () => {
    const flow = "a = image -> Wide(12)\n  b = image -> Wide(12)\n  base = image -> tile(4)";
    const outputsOf = await importAll(flow, "a + b + base -> depth_to_space(2)");
    expect(outputsOf("a.0.dense.0.kernel")).toEqual(colours);
    expect(outputsOf("b.0.then.0.alpha")).toEqual(colours);
  });

  it("are in one order anyway where there is one colour, or nothing is shuffled", async () => {
    expect((await importAll("body = image -> Wide(4)"))("body.0.dense.0.kernel")).toEqual(plain(4));
    const flow = "body = image -> Wide(12)";
    expect((await importAll(flow, "body -> relu"))("body.0.dense.0.kernel")).toEqual(plain(12));
  });

  it.each([
    [
      "are used elsewhere too",
      "body = image -> Wide(12)",
      "body + (body -> Wide(12)) -> depth_to_space(2)",
    ],
    ["are those of a skip", "body = image -> Wide(12) -> Skip(12)", undefined],
    ["stand side by side", "body = image -> Split(12)", undefined],
  ])("are refused where they %s", async (_, flow, output) => {
    await expect(importAll(flow, output)).rejects.toThrow(/PyTorch orders the channels of/);
  });
});
