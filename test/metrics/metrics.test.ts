import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lumaOf, psnr, ssim, type ComparedImages } from "../../runtime/metrics/index.ts";
import { Random } from "../../runtime/random.ts";

function noisy(height: number, width: number, seed: number, noise: number): ComparedImages {
  const random = Random.fromSeed(seed);
  const truth = Float32Array.from({ length: height * width }, () => random.uniform(0, 255));
  const image = truth.map((value) => value + random.normal(0, noise));
  return { height, width, image, truth };
}

describe("psnr", () => {
  test("is 10 log10(255^2 / mean square): by hand", () => {
    const truth = Float32Array.of(10, 20, 30, 40);
    const image = Float32Array.of(12, 20, 27, 41);
    // Squares 4 + 0 + 9 + 1, mean 3.5; 65025 / 3.5 = 18578.571, 42.6901 dB.
    expect(psnr({ height: 2, width: 2, image, truth })).toBeCloseTo(42.6901, 4);
    expect(psnr({ height: 2, width: 2, image, truth }, { peak: 100 })).toBeCloseTo(34.5593, 4);
    expect(psnr({ height: 2, width: 2, image: truth, truth })).toBe(Infinity);
  });

  test("leaves the border out, clamps without rounding, and does not hide what is not a number", () => {
    const image = new Float32Array(25).fill(999);
    const truth = new Float32Array(25);
    image[12] = 300;
    truth[12] = 250.5;
    // Clamped: 255 - 250.5 = 4.5; 65025 / 20.25 = 3211.111, 35.0666 dB.
    expect(psnr({ height: 5, width: 5, image, truth }, { border: 2 })).toBeCloseTo(35.0666, 4);
    image[12] = NaN;
    expect(psnr({ height: 5, width: 5, image, truth }, { border: 2 })).toBeNaN();
  });

  test("refuses what cannot be compared", () => {
    const images = noisy(5, 5, 1, 1);
    expect(() => psnr(images, { border: 3 })).toThrow("Nothing of an image of 5 x 5 pixels");
    expect(() => psnr(images, { border: 0.5 })).toThrow("whole number of pixels");
    expect(() => psnr({ ...images, width: 6 })).toThrow("these have 25 and 25");
    expect(() => ssim(images)).toThrow("SSIM needs 11 x 11 pixels");
  });
});

describe("luma", () => {
  test("is 16 for black, 235 for white, and weighs the colours: by hand", () => {
    const colours = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 0, 0, 10, 20, 30);
    const luma = [...lumaOf(colours)];
    // 16 + (654.81 + 2571.06 + 748.98) / 255 = 31.58765
    [16, 235, 81.481, 31.58765].forEach((value, i) => expect(luma[i]).toBeCloseTo(value, 4));
    expect(lumaOf(Float32Array.of(1, 1, 1), 1)[0]).toBeCloseTo(235, 4);
  });
});

/** The definition, window by window, in two dimensions and with centred moments. */
const reference = `
import json, math, sys
case = json.load(sys.stdin)
h, w, a, b = case["height"], case["width"], case["image"], case["truth"]
raw = [[math.exp(-((i-5)**2 + (j-5)**2) / (2 * 1.5**2)) for j in range(11)] for i in range(11)]
total = sum(map(sum, raw))
scores = []
for top in range(h - 10):
    for left in range(w - 10):
        cells = [(raw[i][j] / total, a[(top+i)*w + left+j], b[(top+i)*w + left+j]) for i in range(11) for j in range(11)]
        ma = sum(g * x for g, x, _ in cells)
        mb = sum(g * y for g, _, y in cells)
        va = sum(g * (x - ma)**2 for g, x, _ in cells)
        vb = sum(g * (y - mb)**2 for g, _, y in cells)
        cov = sum(g * (x - ma) * (y - mb) for g, x, y in cells)
        c1, c2 = (0.01 * 255)**2, (0.03 * 255)**2
        scores.append((2*ma*mb + c1) * (2*cov + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2)))
mse = sum((x - y)**2 for x, y in zip(a, b)) / len(a)
print(json.dumps({"ssim": sum(scores) / len(scores), "psnr": 10 * math.log10(255**2 / mse)}))
`;

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("Measures are not compared with Python's: there is no python3.");
    return false;
  }
}

describe.skipIf(!hasPython())("Python", () => {
  test.each([
    [11, 11, 3],
    [14, 19, 12],
    [20, 13, 60],
  ])("finds the same for %i x %i pixels with noise %f", (height, width, noise) => {
    const { image, truth } = noisy(height, width, 7, noise);
    const clamp = (values: Float32Array): Float32Array =>
      values.map((value) => Math.min(255, Math.max(0, value)));
    const case_ = { height, width, image: [...clamp(image)], truth: [...clamp(truth)] };
    const input = JSON.stringify(case_);
    const found = JSON.parse(execFileSync("python3", ["-c", reference], { input }).toString()) as {
      ssim: number;
      psnr: number;
    };
    expect(ssim({ height, width, image, truth })).toBeCloseTo(found.ssim, 10);
    expect(psnr({ height, width, image, truth })).toBeCloseTo(found.psnr, 10);
  });
});

describe("ssim", () => {
  test("of flat images has only its first factor: by hand", () => {
    const image = new Float32Array(121).fill(100);
    const truth = new Float32Array(121).fill(120);
    // (2 * 12000 + 6.5025) / (10000 + 14400 + 6.5025) = 0.983611
    expect(ssim({ height: 11, width: 11, image, truth })).toBeCloseTo(0.983611, 6);
  });

  test("is 1 of equals, symmetric, and at most 1", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 0, max: 80 }), (seed, noise) => {
        const images = noisy(13, 12, seed, noise);
        const { image, truth } = images;
        expect(ssim({ ...images, image: truth })).toBeCloseTo(1, 10);
        const found = ssim(images);
        expect(found).toBeLessThanOrEqual(1 + 1e-12);
        expect(ssim({ ...images, image: truth, truth: image })).toBeCloseTo(found, 10);
      }),
      { numRuns: 20 },
    );
  });
});
