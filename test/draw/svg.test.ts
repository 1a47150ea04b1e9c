import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { text, textSizes, type Shape } from "../../compiler/draw/shapes.ts";
import { textStyles } from "../../compiler/draw/style.ts";
import { toSvg } from "../../compiler/draw/svg.ts";
import { shortened, textWidth } from "../../compiler/draw/text-width.ts";
import { drawText, policies } from "./draw-text.ts";
import { elementsOf, parseXml } from "./xml.ts";

const drawn = () =>
  drawText({
    text: `import { RepVGG } from "repq:blocks/repvgg"\n${policies}`,
    entry: "RepVGG(8)",
    shape: [8, 8, 8],
    policy: "On_merged",
  }).picture;

describe("an SVG", () => {
  it("is well-formed, names itself, and takes nothing from elsewhere", () => {
    const svg = toSvg(drawn());
    const root = parseXml(svg);
    expect(root.name).toBe("svg");
    expect(root.attributes.get("role")).toBe("img");
    expect(elementsOf(root, "title").map(({ children }) => children)).toEqual([["RepVGG(8)"]]);
    const [description] = elementsOf(root, "desc");
    expect(description?.children.join("")).toMatch(/^A block: .*quantized by On_merged/);
    expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(svg).not.toMatch(/<(script|image|foreignObject|use)|@import|@font-face/);
  });

  it("has one element for every box, badge, text and line", () => {
    const picture = drawn();
    const root = parseXml(toSvg(picture));
    const count = (kind: Shape["kind"]) =>
      picture.shapes.filter((shape) => shape.kind === kind).length;
    const classes = elementsOf(root, "rect").map(({ attributes }) => attributes.get("class") ?? "");
    expect(classes.filter((name) => name.startsWith("box "))).toHaveLength(count("box"));
    expect(classes.filter((name) => name === "badge")).toHaveLength(count("badge"));
    expect(elementsOf(root, "text")).toHaveLength(count("text"));
    const lines = elementsOf(root, "path").filter(
      ({ attributes }) => attributes.get("class") !== "head",
    );
    expect(lines).toHaveLength(count("edge"));
  });

  it("carries any text as it is, but for what XML does not know", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (words) => {
        const shapes = [text(`[${words}]`, "note", { x: 0, y: 0 })];
        const svg = toSvg({ title: words, description: words, width: 1, height: 1, shapes });
        const [found] = elementsOf(parseXml(svg), "text");
        // eslint-disable-next-line no-control-regex
        const known = words.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "");
        expect(found?.children.join("")).toBe(`[${known}]`);
      }),
      { numRuns: 100 },
    );
  });

  it("draws texts in the sizes that they are measured in", () => {
    for (const [style, size] of Object.entries(textSizes))
      expect(textStyles[style as keyof typeof textStyles]).toContain(`font-size:${size}px`);
  });
});

describe("a shortened text", () => {
  it("fits, and is a beginning", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.integer({ min: 20, max: 200 }),
        (words, width) => {
          const short = shortened(words, width, 12);
          expect(textWidth(short, 12)).toBeLessThanOrEqual(width);
          if (short !== words) expect(words.startsWith(short.slice(0, -1))).toBe(true);
        },
      ),
    );
  });
});
