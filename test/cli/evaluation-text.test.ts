/** What people and programs read of images that are equal, or hold no numbers. */
import { expect, it } from "vitest";
import type { Evaluation } from "../../cli/evaluate/evaluation.ts";
import { evaluationJson, evaluationText } from "../../cli/evaluate/evaluation-text.ts";

const evaluation: Evaluation = {
  entry: "Copy",
  policy: undefined,
  weights: { file: "w.safetensors", sha256: "0", standing: undefined },
  data: { name: "images", source: "drawn by a test", size: 3 },
  graphs: [
    {
      graph: "train",
      found: {
        psnr: NaN,
        images: [
          { name: "equal", psnr: Infinity, ssim: 1 },
          { name: "lost", psnr: NaN, ssim: NaN },
          { name: "usual", psnr: 37.18 },
        ],
      },
    },
  ],
};

it("is said in words", () => {
  const rows = evaluationText(evaluation).split("\n").slice(5, 9);
  expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
    ["equal", "∞ dB", "1.0000"],
    ["lost", "no number", "no number"],
    ["usual", "37.180 dB", "–"],
    ["mean", "no number", "–"],
  ]);
});

it("is named in JSON", () => {
  const { graphs } = JSON.parse(evaluationJson(evaluation)) as { graphs: unknown[] };
  expect(graphs).toEqual([
    {
      graph: "train",
      psnr: "NaN",
      images: [
        { name: "equal", psnr: "Infinity", ssim: 1 },
        { name: "lost", psnr: "NaN", ssim: "NaN" },
        { name: "usual", psnr: 37.18 },
      ],
    },
  ]);
});
