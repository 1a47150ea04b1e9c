import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics/index.ts";
import { textOf } from "../../grammar/source.ts";
import { textHost } from "../support/compile-text.ts";
import { specHost } from "../support/spec-host.ts";

function warningsIn(text: string, entry?: string): readonly Diagnostic[] {
  const request = { file: "sample.repq", ...(entry !== undefined && { entry }) };
  return compile(request, textHost(text)).diagnostics;
}

const net = (flow: string) => `model Net {\n  input image: image[32, 32, 8]\n  output ${flow}\n}\n`;

const dense5 = "block Mine => conv(5x5) {\n  branch deep = depthwise(5x5) -> conv(1x1) -> bn\n}\n";

describe("merge/dearer", () => {
  it("warns where a dense kernel stands for depthwise branches, in check and in compile", () => {
    const text = dense5 + net("image -> Mine(16)");
    for (const found of [warningsIn(text), warningsIn(text, "Net")]) {
      expect(found).toHaveLength(1);
      const [{ code, severity, message, label, help, span, related }] = found as [Diagnostic];
      expect([code, severity]).toEqual(["merge/dearer", "warning"]);
      expect(message).toBe("the convolution of `Mine` is dearer than its branches");
      // 1024 positions: 25 · 8 · 16, or 25 · 8 + 8 · 16 + 16.
      expect(label).toBe("takes 3.28 M multiply-accumulates, the branches 352 k");
      expect(help).toBe(
        "make its longest chain two blocks, one after the other, with an activation between them",
      );
      expect(span && textOf(span)).toBe("conv(5x5)");
      expect(related).toMatchObject([{ label: "here with in = 8, out = 16" }]);
    }
  });

  it("does not advise two blocks where nothing stands in a row", () => {
    const cross =
      "block Mine => conv(3x3) {\n  branch a = conv(1x3) -> bn\n  branch b = conv(3x1) -> bn\n}\n";
    const [found] = warningsIn(cross + net("image -> Mine(8)"));
    expect(found!.help).toBe(
      "nothing is wrong with it: it only is no cheaper to deploy than what it is trained as",
    );
  });

  it("says how far apart the taps of the branches are, where the promise has more", () => {
    const wide = (promise: string) =>
      `block Mine => ${promise} {\n  branch a = conv(3x3, dilation: 2) -> bn\n}\n${net("image -> Mine(8)")}`;
    const [found] = warningsIn(wide("conv(5x5)"), "Net");
    expect(found?.help).toBe(
      "the branches have no taps but those of `conv(3x3, dilation: 2)`: promise that",
    );
    expect(warningsIn(wide("conv(3x3, dilation: 2)"), "Net")).toEqual([]);
  });

  it.each([
    ["conv(5x5, stride: 2, anchor: 2x2)", "conv(2x2, dilation: 2, anchor: 1x1) -> bn", "conv(2x2, dilation: 2, stride: 2, anchor: 1x1)"],
    ["conv(9x5, dilation: 2, groups: in / 2)", "conv(3x3, dilation: 4)", "conv(3x3, dilation: 4, groups: in / 2)"],
    ["depthwise(5, 2, bias: true)", "depthwise(3)", "depthwise(3x3, stride: 2, bias: true)"],
    ["conv(7x7, pad: 3)", "conv(3x3, dilation: 2)", "conv(3x3, dilation: 2, pad: 2)"],
    ["conv(dilation: 1)", "conv(3x3, dilation: 2)", "conv(dilation: 2)"],
    ["conv(4x4)", "conv(2x2)", "conv(2x2)"],
    ["conv(3x3, dilation: 2)", "conv(1x1)", "conv(1x1)"],
  ])("keeps all else of %s, and following it is enough", (promise, branch, better) => {
    const text = (becomes: string) =>
      `block Mine => ${becomes} {\n  branch a = ${branch}\n}\n${net("image -> Mine(8)")}`;
    expect(warningsIn(text(promise), "Net").map(({ help }) => help)).toEqual([
      `the branches have no taps but those of \`${better}\`: promise that`,
    ]);
    expect(warningsIn(text(better), "Net")).toEqual([]);
  }); // prettier-ignore

  it("tells the worst of many uses", () => {
    const [found, ...others] = warningsIn(
      dense5 + net("image -> Mine(8) -> Mine(64) -> Mine(16)"),
      "Net",
    );
    expect(others).toEqual([]);
    expect(found?.related).toMatchObject([{ label: "here with in = 64, out = 16" }]);
  });

  it("says how far the branches reach, where the promise is wider", () => {
    const text = `block Mine => conv(5x5) {\n  branch a = conv(3x3)\n  branch b = conv(1x3)\n}\n${net("image -> Mine(8)")}`;
    const [found] = warningsIn(text, "Net");
    expect(found?.help).toBe("the branches have no taps but those of `conv(3x3)`: promise that");
  });

  it("says what groups the branches keep, where the promise has fewer", () => {
    const text = `block Mine => conv(3x3) {\n  branch a = conv(3x3, groups: 4)\n}\n${net("image -> Mine(8)")}`;
    const [found] = warningsIn(text, "Net");
    expect(found?.help).toBe("the branches keep 4 groups apart: promise `groups: 4`");
  });

  it.each([
    ["as dear as one branch", "branch a = conv(3x3)"],
    ["cheaper than all branches together", "branch a = conv(1x3)\n  branch b = conv(3x1)\n  branch c = conv(1x3)\n  branch d = conv(1x1)"], // prettier-ignore
  ])("says nothing where the convolution is %s", (_, branches) => {
    const text = `block Mine => conv(3x3) {\n  ${branches}\n}\n${net("image -> Mine(8)")}`;
    expect(warningsIn(text, "Net")).toEqual([]);
  });

  it("says nothing of a factor by itself: how it is deployed is not the spec's choice", () => {
    expect(warningsIn(net("image -> relu -> bn -> relu"), "Net")).toEqual([]);
  });

  it("comes after what is wrong, not beside it", () => {
    const text = `block Mine => conv(5x5) {\n  branch a = conv(1x1)\n  branch b = conv(7x7)\n}\n${net("image -> Mine(8)")}`;
    expect(warningsIn(text, "Net").map(({ code }) => code)).toEqual(["merge/branch-too-wide"]);
  });

  const folder = new URL("../../specs/", import.meta.url);
  const files = ["blocks", "models"].flatMap((area) =>
    readdirSync(new URL(area, folder))
      .filter((name) => name.endsWith(".repq"))
      .map((name) => `${area}/${name}`),
  );

  it.each(files)("is true of nothing in %s", (file) => {
    const { diagnostics, models } = compile({ file }, specHost);
    expect(diagnostics).toEqual([]);
    for (const entry of models) {
      const found = compile({ file, entry }, specHost).diagnostics;
      expect(found.filter(({ code }) => code === "merge/dearer")).toEqual([]);
    }
  });
});
