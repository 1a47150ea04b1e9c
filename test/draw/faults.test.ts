/** The laws of a layout must be able to fail. */
import { describe, expect, it } from "vitest";
import { boxPiece } from "../../compiler/draw/boxes.ts";
import { edge, placed, text, type Shape } from "../../compiler/draw/shapes.ts";
import { faultsOf } from "./faults.ts";

const box = boxPiece({ role: "kernel", name: "conv 3×3" });
const picture = (...shapes: readonly Shape[]) => ({
  title: "",
  description: "",
  width: 300,
  height: 200,
  shapes,
});

describe("the faults of a picture", () => {
  it("are none in a sound one", () => {
    const line = [
      { x: 50, y: 20 + box.height },
      { x: 50, y: 90 },
    ];
    const shapes = [...placed(box, 20, 20), edge(line), ...placed(box, 20, 90)];
    expect(faultsOf(picture(...shapes))).toEqual([]);
  });

  it.each<[string, readonly Shape[], RegExp]>([
    [
      "boxes over each other",
      [...placed(box, 20, 20), ...placed(box, 60, 30)],
      /kernel box .* lies over/,
    ],
    [
      "a text on the border of a box",
      [...placed(box, 20, 20), text("abc", "note", { x: 10, y: 30 })],
      /"abc" lies over|lies over "abc"/,
    ],
    [
      "a text wider than its box",
      [...placed(box, 20, 20), text("m".repeat(20), "note", { x: 22, y: 60 - 22 })],
      /lies over "mmm/,
    ],
    [
      "a text beyond the page",
      [text("far away", "note", { x: 290, y: 50 })],
      /"far away" reaches beyond/,
    ],
    [
      "a line through a box",
      [
        ...placed(box, 20, 20),
        edge([
          { x: 40, y: 0 },
          { x: 40, y: 100 },
        ]),
      ],
      /line .* crosses a kernel box/,
    ],
    [
      "a line through a text",
      [
        text("words", "note", { x: 100, y: 50 }),
        edge([
          { x: 90, y: 50 },
          { x: 200, y: 50 },
        ]),
      ],
      /crosses "words"/,
    ],
  ])("include %s", (_, shapes, fault) => {
    expect(faultsOf(picture(...shapes)).join("\n")).toMatch(fault);
  });
});
