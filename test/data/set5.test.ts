/** Set5 with a trained, merged network of the literature: data, luma, network and measure together give the decibels known of it. */
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { dataHost } from "../../cli/data-host.ts";
import { decodeImage } from "../../cli/decode-image.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { findPairs, imagePairs, type ExampleBatch } from "../../runtime/data/index.ts";
import { downscaleBicubic } from "../../runtime/data/downscale-bicubic.ts";
import { importWeights, readCheckpoint } from "../../runtime/import/index.ts";
import { lumaOf, psnr, ssim } from "../../runtime/metrics/index.ts";
import { Random } from "../../runtime/random.ts";
import { compileModel } from "../import/compile-model.ts";
import { libraryNames } from "../import/library-names.ts";
import { runDeployed } from "../support/run-program.ts";
import { hasSet5, plainDecoder, root, set5 } from "./photographs.ts";

const checkpointFile = "../shared/data/ecbsr/ECBSR_M4C16_x2.pth";
const hasWeights = existsSync(`${root}/${checkpointFile}`);
if (!hasWeights) console.warn(`A test of Set5 is left out: there is no ${checkpointFile}.`);

const whole = { batch: 1, random: Random.fromSeed(0), shuffle: false };

/** The published weights are of a network that sees colours. */
const text = `
import { ECB } from "repq:blocks/ecb"

model Colours {
  input image: image[_, _, 3]

  body = image -> ECB(16) -> ECB(16) * 4 -> ECB(12, act: none)
  base = image -> tile(4)

  output body + base -> depth_to_space(2)
}
`;

async function trainedNetwork(): Promise<(batch: ExampleBatch) => Promise<Float32Array>> {
  const { program, model } = compileModel("colours.repq", "Colours", { shape: [64, 64, 3], text });
  const bytes = new Uint8Array(readFileSync(`${root}/${checkpointFile}`));
  const checkpoint = await readCheckpoint(bytes, checkpointFile);
  const file = checkpointFile;
  const tables = libraryNames("models/ecbsr");
  const unmerge = { seed: 1 };
  const { weights } = await importWeights({ checkpoint, file, tables, program, model, unmerge });
  return async ({ inputs, inputShape }) => {
    const input = { shape: [1, ...inputShape], data: inputs };
    return (await runDeployed(program, weights, input)).output.data as Float32Array;
  };
}

describe.skipIf(!hasSet5 || !hasWeights)("ECBSR-M4C16, twice as large, on wasm", () => {
  /** Luma of an image, of its rounded colours, and what it should be. */
  const results: { height: number; width: number; luma: Float32Array[]; truth: Float32Array }[] =
    [];
  beforeAll(async () => {
    await openBackend("wasm");
    const enlarge = await trainedNetwork();
    const files = await findPairs(dataHost(root), `${set5}/x2`);
    const pairs = imagePairs(files, plainDecoder(), { scale: 2, colours: "rgb", peak: 1 });
    for await (const batch of pairs.pass(whole)) {
      const [height = 0, width = 0] = batch.targetShape;
      const enlarged = (await enlarge(batch)).map((value) => Math.min(1, Math.max(0, value)));
      const rounded = enlarged.map((value) => Math.round(255 * value));
      const luma = [lumaOf(enlarged, 1), lumaOf(rounded)];
      results.push({ height, width, luma, truth: lumaOf(batch.targets as Float32Array, 1) });
    }
  });

  const measure = (
    measure: typeof psnr,
    border: number,
    kind: "exact" | "rounded",
  ): readonly number[] =>
    results.map(({ luma: [exact, rounded], truth, ...size }) =>
      measure({ ...size, truth, image: (kind === "exact" ? exact : rounded)! }, { border }),
    );
  const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / 5;

  test("has the PSNR-Y that PyTorch gave, image by image: colours rounded, 4 pixels cropped", () => {
    const found = measure(psnr, 4, "rounded");
    const expected = [38.64, 41.92, 33.66, 35.84, 35.82];
    expect(found.map((number) => Number(number.toFixed(2)))).toEqual(expected);
    expect(mean(found)).toBeCloseTo(37.18, 2);
  });

  test("has it within 0.012 dB by this project's measure: not rounded, 2 pixels cropped", () => {
    expect(Math.abs(mean(measure(psnr, 2, "exact")) - 37.18)).toBeLessThan(0.012);
  });

  test("has the structural similarity that was measured here first", () => {
    expect(mean(measure(ssim, 2, "exact"))).toBeCloseTo(0.9575, 3);
  });
});

describe.skipIf(!hasSet5)("images made smaller as MATLAB does it", () => {
  const sets = [2, 4].flatMap((scale) => [1, 2, 3, 4, 5].map((n) => [scale, n] as const));
  test.each(sets)("%i times: image %i of Set5, every byte of it", async (factor, n) => {
    const read = (kind: string) =>
      decodeImage(readFileSync(`${root}/${set5}/x${factor}/img_00${n}_${kind}.png`));
    const [large, small] = [await read("HR"), await read("LR")];
    const all = { top: 0, left: 0, height: small.height, width: small.width };
    const made = downscaleBicubic(large, { factor, borders: "repeated" }, all);
    expect(made.pixels.findIndex((byte, at) => byte !== small.pixels[at])).toBe(-1);

    // Borders apart, MATLAB today gives the same: no pixel further in than the kernel reaches differs.
    const inside = { top: 4, left: 4, height: small.height - 8, width: small.width - 8 };
    const mirrored = downscaleBicubic(large, { factor }, inside);
    const repeated = downscaleBicubic(large, { factor, borders: "repeated" }, inside);
    expect(mirrored.pixels.findIndex((byte, at) => byte !== repeated.pixels[at])).toBe(-1);
  });
});
