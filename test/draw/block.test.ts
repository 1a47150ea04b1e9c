/** Drawings of blocks, as laws of their layout. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepsOf } from "../../compiler/ir/index.ts";
import { drawModel } from "../../compiler/draw/index.ts";
import { randomBlocks, type RandomBlock } from "../support/random-block.ts";
import { drawText, pathsIn, policies, policyNames } from "./draw-text.ts";
import { faultsOf } from "./faults.ts";

const blocks = randomBlocks({ isDyadic: false, least: 4, most: 12 });
const cases = fc.tuple(blocks, fc.constantFrom(undefined, ...policyNames));

function draw([block, policy]: readonly [RandomBlock, string | undefined]) {
  const source = { ...block, text: `${block.text}\n${policies}` };
  return drawText(policy === undefined ? source : { ...source, policy });
}

describe("the drawing of any block", () => {
  it("has nothing over each other, nothing cut off, no line through a box or a text", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        expect(faultsOf(draw(drawn).picture)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("shows every step of every branch and every quantizer", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { picture, model, program } = draw(drawn);
        const islands = model.model.nodes.filter((node) => node.kind === "island");
        const steps = islands.flatMap(({ body }) => stepsOf(body).map(({ path }) => path));
        const boxes = pathsIn(picture, "box");
        expect(steps.filter((path) => !boxes.has(path))).toEqual([]);
        const learned = program.weights
          .filter(({ role }) => role === "step")
          .map(({ path }) => path);
        const shown = [...pathsIn(picture, "badge")].map((path) => `${path}.step`);
        expect(shown.toSorted()).toEqual(learned.toSorted());
      }),
      { numRuns: 50 },
    );
  });

  it("is the same again, byte by byte", () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        expect(drawModel(draw(drawn).model)).toBe(drawModel(draw(drawn).model));
      }),
      { numRuns: 10 },
    );
  });

  const unusual = `
kernel Edge = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
block Unusual => conv(5x5) {
  branch cat    = concat(conv(3x3, out: out - in), identity) -> bn -> conv(3x3)
  branch deal   = split(conv(3x3), depthwise(3x3, multiplier: 2)) -> conv(1x1) -> filter(dct(3x3)) -> scale
  branch turned = flip(conv(3x3) -> conv(1x1)) -> conv(2x2, anchor: 1x1) -> conv(2x2, anchor: 2x2)
  branch part   = slice(0, 4) -> conv(3x3, dilation: 2) -> negate
  branch less   = (conv(1x1) - conv(3x3) -> bn + conv(3x3) -> filter(Edge))
  branch many[5] = conv(1x1) -> (conv(3x3) - identity)
  then bn -> prelu -> conv(1x1) -> relu
}
${policies}`;

  it.each([undefined, ...policyNames])("holds for every way to join, quantized by %s", (policy) => {
    const source = { text: unusual, entry: "Unusual(16)", shape: [16, 16, 8] };
    const { picture } = drawText(policy === undefined ? source : { ...source, policy });
    expect(faultsOf(picture)).toEqual([]);
    const said = picture.shapes.flatMap((shape) => (shape.kind === "text" ? shape.text : []));
    const expected = ["concat", "split", "flipped", "anchor 1×1", "dilation 2", "−", "many × 5"];
    expect(said).toEqual(expect.arrayContaining(expected));
    const sheets = picture.shapes.filter((shape) => shape.kind === "box" && shape.copies === 5);
    expect(sheets).toHaveLength(3);
  });
});
