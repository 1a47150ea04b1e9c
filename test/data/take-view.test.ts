import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { downscaleBicubic } from "../../runtime/data/downscale-bicubic.ts";
import { resizeBilinear } from "../../runtime/data/resize-bilinear.ts";
import type { RgbImage } from "../../runtime/data/rgb-image.ts";
import { drawCrop, takeView } from "../../runtime/data/take-view.ts";
import { Random } from "../../runtime/random.ts";
import { readPhotograph } from "./photographs.ts";

/** Grey values as an image. */
function grey(rows: readonly (readonly number[])[]): RgbImage {
  const pixels = Uint8Array.from(rows.flat().flatMap((value) => [value, value, value]));
  return { height: rows.length, width: rows[0]?.length ?? 0, pixels };
}

const reds = ({ pixels }: RgbImage): number[] => [...pixels].filter((_, i) => i % 3 === 0);

describe("bilinear", () => {
  test("halves with the weights 1 3 3 1 of a triangle two pixels wide, cut at the border: by hand", () => {
    // First: (3*0 + 3*80 + 160) / 7 = 57.14; second: (80 + 3*160 + 3*240) / 7 = 182.86.
    expect(reds(resizeBilinear(grey([[0, 80, 160, 240]]), [1, 2]))).toEqual([57, 183]);
  });

  test("doubles with a quarter and three: by hand", () => {
    expect(reds(resizeBilinear(grey([[0], [100]]), [4, 1]))).toEqual([0, 25, 75, 100]);
  });

  test("keeps what is flat, and an image of its size", () => {
    const flat = grey(Array.from({ length: 7 }, () => Array(5).fill(201) as number[]));
    expect(new Set(resizeBilinear(flat, [3, 9]).pixels)).toEqual(new Set([201]));
    expect(resizeBilinear(flat, [7, 5])).toEqual(flat);
  });
});

describe("bicubic", () => {
  test("halves a step with Keys' weights, stretched: by hand", () => {
    // A pixel is made of 8: weights a b c d d c b a, sum 1. Black up to the middle, then 200.
    const [a, b, c] = [-0.01171875, -0.03515625, 0.11328125];
    const step = grey([[0, 0, 0, 0, 0, 0, 0, 0, 200, 200, 200, 200, 200, 200, 200, 200]]);
    const region = { top: 0, left: 0, height: 1, width: 8 };
    const small = reds(downscaleBicubic(step, { factor: 2 }, region));
    // Of pixel 2 one tap lies beyond the step (below black: clamped), of pixel 3 three; 4 and 5 are their mirror images.
    const [three, five] = [Math.round(200 * (a + b + c)), Math.round(200 * (1 - a))];
    expect(small).toEqual([0, 0, 0, three, 200 - three, five, 200, 200]);
    expect([three, five]).toEqual([13, 202]);
  });

  test("of a region is the region of the whole, at borders too", async () => {
    const photograph = await readPhotograph(4);
    for (const factor of [2, 3, 4]) {
      const size = {
        height: Math.ceil(photograph.height / factor),
        width: Math.ceil(photograph.width / factor),
      };
      const whole = downscaleBicubic(photograph, { factor }, { top: 0, left: 0, ...size });
      for (const [top, left] of [
        [0, 0],
        [31, 57],
        [size.height - 20, size.width - 20],
      ] as const) {
        const region = { top, left, height: 20, width: 20 };
        const part = downscaleBicubic(photograph, { factor }, region);
        for (let row = 0; row < 20; row++) {
          const start = 3 * ((top + row) * size.width + left);
          const expected = whole.pixels.subarray(start, start + 60);
          expect([...part.pixels.subarray(60 * row, 60 * (row + 1))]).toEqual([...expected]);
        }
      }
    }
  });
});

describe("views", () => {
  test("crops lie inside, with the area and the shape allowed, unless the image is too long", () => {
    const sides = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(sides, sides, fc.nat(), (height, width, seed) => {
        const crop = drawCrop({ height, width }, Random.fromSeed(seed));
        expect(Math.min(crop.top, crop.left)).toBeGreaterThanOrEqual(0);
        expect(Math.min(crop.height, crop.width)).toBeGreaterThanOrEqual(1);
        expect(crop.top + crop.height).toBeLessThanOrEqual(height);
        expect(crop.left + crop.width).toBeLessThanOrEqual(width);
        if (Math.min(height, width) < 100 || Math.max(height, width) > 4 * Math.min(height, width))
          return;
        const share = (crop.height * crop.width) / (height * width);
        expect(share).toBeGreaterThan(0.07);
        expect(crop.width / crop.height).toBeGreaterThan(0.7);
        expect(crop.width / crop.height).toBeLessThan(1.4);
      }),
    );
  });

  test("the centre is that of the image with its shorter side at 8/7: by hand", () => {
    // 14 -> 16 x 32 from 2 x 4 pixels: columns 9 ... 22 are the middle, of values that rise by 10 a pixel.
    const row = Array.from({ length: 32 }, (_, column) => 8 * column);
    const image = grey(Array.from({ length: 16 }, () => row));
    const view = takeView(image, { kind: "centre-crop", size: [14, 14] });
    expect([view.height, view.width]).toEqual([14, 14]);
    expect(reds(view).slice(0, 14)).toEqual(row.slice(9, 23));
  });

  test("are the same for the same draw, and half of them are mirrored", async () => {
    // Bright on the left: a mirrored view is bright on the right.
    const ramp = grey(
      Array.from({ length: 40 }, () => Array.from({ length: 60 }, (_, x) => 250 - 4 * x)),
    );
    let mirrored = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { state } = Random.fromSeed(seed);
      const view = { kind: "random-crop", size: [8, 8], random: state } as const;
      const taken = takeView(ramp, view);
      if (seed < 5) expect(takeView(ramp, view)).toEqual(taken);
      if (taken.pixels[0]! < taken.pixels[21]!) mirrored++;
    }
    expect(Math.abs(mirrored - 200)).toBeLessThan(4 * 10);
  });
});
