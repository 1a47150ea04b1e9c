/** Drawings of whole networks: what repeats is drawn once, and nothing is lost. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawText, pathsIn, policies, policyNames } from "./draw-text.ts";
import { faultsOf } from "./faults.ts";
import { randomNetworks } from "./random-network.ts";

const imports = `import { RepVGG } from "repq:blocks/repvgg"
import { ACNet } from "repq:blocks/acnet"
import { ECB } from "repq:blocks/ecb"
${policies}`;

const deep = `${imports}
model Deep {
  input image: image[64, 64, 3]
  s1 = image -> RepVGG(8, stride: 2) -> RepVGG(8)
  s2 = s1 -> RepVGG(16, stride: 2) -> RepVGG(16) * 13
  output s2 -> RepVGG(32, stride: 2) -> global_avg -> dense(10)
}`;

const residual = `${imports}
model Residual {
  input image: image[32, 32, 8]
  a = image + (image -> ACNet(8) -> ACNet(8, act: none)) -> relu
  b = a + (a -> ACNet(8) -> ACNet(8, act: none)) -> relu
  c = b + (b -> ACNet(8) -> ACNet(8, act: none)) -> relu
  short = c -> ACNet(16, k: 1, stride: 2, act: none) -> ACNet(16, k: 1)
  d = short + (c -> ACNet(16, stride: 2) -> ACNet(16) * 5) -> relu
  output d -> global_avg -> dense(10)
}`;

const crossed = `${imports}
model Crossed(scale: int = 2) {
  input luma: image[16, 16, 1]
  head = luma -> ECB(4)
  one  = head -> ECB(4) * 3
  two  = one + head -> ECB(4) * 3
  three = two + one -> ECB(4)
  body = three + head -> ECB(scale * scale, act: none)
  base = luma -> tile(scale * scale)
  output body + base -> depth_to_space(scale)
}`;

/** Names of rows as drawn, from the top, with how often each stands. */
function rowsOf({ shapes }: ReturnType<typeof drawText>["picture"]) {
  return shapes.flatMap((shape) =>
    shape.kind === "box" && shape.role === "block" && shape.paths.length > 0
      ? [
          {
            copies: shape.copies,
            blocks: shape.paths.filter((path) => !path.includes("then")).length,
          },
        ]
      : [],
  );
}

function textsOf({ shapes }: ReturnType<typeof drawText>["picture"]) {
  return shapes.flatMap((shape) => (shape.kind === "text" ? shape.text : []));
}

const stages = `${imports}
model Stages {
  input image: image[64, 64, 1024]
  a = image -> RepVGG(1024, stride: 2) -> depth_to_space(2) -> RepVGG(1024)
  b = a -> RepVGG(1024, stride: 2) -> depth_to_space(2) -> RepVGG(1024)
  output b + image
}`;

const networks = { Deep: deep, Residual: residual, Crossed: crossed, Stages: stages };

describe("the drawing of a network", () => {
  it.each(
    Object.entries(networks).flatMap(([entry, text]) =>
      [undefined, ...policyNames].map((policy) => ({ entry, text, policy })),
    ),
  )("is sound and shows every block and quantizer: $entry, $policy", ({ entry, text, policy }) => {
    const { picture, model, program } = drawText({ entry, text, ...(policy && { policy }) });
    expect(faultsOf(picture)).toEqual([]);
    const boxes = pathsIn(picture, "box");
    const paths = model.model.nodes.flatMap((node) => ("path" in node ? node.path : []));
    expect(paths.filter((path) => !boxes.has(path))).toEqual([]);
    const badges = pathsIn(picture, "badge");
    const steps = program.weights.filter(({ role }) => role === "step").map(({ path }) => path);
    expect([...badges].map((path) => `${path}.step`).toSorted()).toEqual(steps.toSorted());
  });

  it("is sound for any network, skips within skips included", () => {
    fc.assert(
      fc.property(randomNetworks(12), (model) => {
        const { picture } = drawText({ entry: "Random", text: `${imports}\n${model}` });
        expect(faultsOf(picture)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("draws equal blocks behind each other as one", () => {
    const { picture } = drawText({ entry: "Deep", text: deep });
    expect(rowsOf(picture)).toEqual([
      { copies: 1, blocks: 1 },
      { copies: 1, blocks: 1 },
      { copies: 1, blocks: 1 },
      { copies: 13, blocks: 13 },
      { copies: 1, blocks: 1 },
    ]);
    expect(textsOf(picture)).toContain("× 13");
    expect(picture.height).toBeLessThan(1200);
  });

  it("frames what repeats together, skips included", () => {
    const { picture } = drawText({ entry: "Residual", text: residual });
    const frames = picture.shapes.filter((shape) => shape.kind === "frame" && shape.isDashed);
    expect(frames).toHaveLength(1);
    expect(textsOf(picture)).toContain("× 3");
    expect(rowsOf(picture).slice(0, 2)).toEqual([
      { copies: 1, blocks: 3 },
      { copies: 1, blocks: 3 },
    ]);
  });

  it("keeps apart what something outside uses", () => {
    const used = residual.replace(
      "+ (c -> ACNet(16, stride: 2)",
      "+ (c + a -> ACNet(16, stride: 2)",
    );
    const { picture } = drawText({ entry: "Residual", text: used });
    expect(faultsOf(picture)).toEqual([]);
    expect(textsOf(picture)).not.toContain("× 3");
  });

  it("draws each kind of block once, the commonest of the kind", () => {
    const said = textsOf(drawText({ entry: "Deep", text: deep }).picture);
    expect(said.filter((text) => text.startsWith("RepVGG, "))).toEqual([
      "RepVGG, 3 to 8 channels",
      "RepVGG, 16 channels",
    ]);
    expect(said).toContain("s2.1, and 13 more with these branches");
  });

  // Padding of its own and a branch of one tap: nothing but the promise tells of the dilation, not even the size of the map.
  const atrous = (first: number, second: number) => `
block Atrous(d: int) => conv(3x3, dilation: d, pad: 3) {
  branch point = conv(1x1, dilation: 1) -> bn
  then relu
}
model Dilated {
  input image: image[32, 32, 8]
  output image -> Atrous(8, ${first}) -> Atrous(8, ${second})
}`;

  it("tells blocks apart that differ in their dilation, and says it of each", () => {
    const { picture } = drawText({ entry: "Dilated", text: atrous(2, 3) });
    expect(rowsOf(picture).map(({ copies }) => copies)).toEqual([1, 1]);
    const said = textsOf(picture);
    const units = ["conv 3×3 dilation 2, relu", "conv 3×3 dilation 3, relu"];
    expect(said).toEqual(expect.arrayContaining(units));
    const one = drawText({ entry: "Dilated", text: atrous(3, 3) }).picture;
    expect(rowsOf(one).map(({ copies }) => copies)).toEqual([2]);
  });

  it("says the dilation of a merged convolution", () => {
    const { picture } = drawText({ entry: "Dilated", text: atrous(3, 3) });
    expect(textsOf(picture).filter((one) => one === "dilation 3")).toHaveLength(1);
  });

  it("tells blocks apart that differ in their quantizers", () => {
    const text = deep.replace("at first {", "at s2.3 {");
    const { picture } = drawText({ entry: "Deep", text, policy: "On_merged" });
    expect(rowsOf(picture).map(({ copies }) => copies)).toEqual([1, 1, 1, 2, 1, 10, 1]);
  });
});
