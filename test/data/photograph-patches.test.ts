import { describe, expect, test } from "vitest";
import { photographPairs, photographPatches, imagePairs } from "../../runtime/data/index.ts";
import { downscaleBicubic } from "../../runtime/data/downscale-bicubic.ts";
import { recentPhotographs } from "../../runtime/data/recent-photographs.ts";
import { CorruptFile, UnfitFile } from "../../runtime/files.ts";
import { lumaOf } from "../../runtime/metrics/index.ts";
import { Random } from "../../runtime/random.ts";
import { copyPass } from "./copy-pass.ts";
import { photographs, plainDecoder, readPhotograph } from "./photographs.ts";

const files = photographs.slice(4, 7);
const options = { batch: 4, random: Random.fromSeed(11), shuffle: true };

describe("patches of photographs", () => {
  test("are places of the photograph and of the smaller photograph, which belong together", async () => {
    const examples = photographPatches([files[0]!], plainDecoder(), {
      scale: 4,
      patch: 32,
      repeat: 3,
      augment: false,
    });
    expect([examples.size, examples.inputShape]).toEqual([3, [8, 8, 1]]);
    const [batch] = await copyPass(examples, { ...options, batch: 3 });
    const photograph = await readPhotograph(4);
    const size = { height: photograph.height / 4, width: photograph.width / 4 };
    const small = downscaleBicubic(photograph, { factor: 4 }, { top: 0, left: 0, ...size });
    const [low, high] = [[...lumaOf(small.pixels)], [...lumaOf(photograph.pixels)]];
    for (let n = 0; n < 3; n++) {
      const input = batch!.inputs.slice(n * 64, (n + 1) * 64);
      const at = low.findIndex(
        (_, place) =>
          input.slice(0, 8).every((value, i) => value === low[place + i]) &&
          input[8] === low[place + size.width],
      );
      expect(at).toBeGreaterThanOrEqual(0);
      const corner = 4 * Math.floor(at / size.width) * photograph.width + 4 * (at % size.width);
      const target = batch!.targets.slice(n * 1024, (n + 1) * 1024);
      target.forEach((value, i) => {
        expect(value).toBe(high[corner + Math.floor(i / 32) * photograph.width + (i % 32)]);
      });
    }
  });

  test("are the same again, and from any batch on; each photograph is decoded once", async () => {
    const decoder = plainDecoder();
    const examples = photographPatches(files, decoder, { scale: 2, patch: 16, repeat: 3 });
    const whole = await copyPass(examples, options);
    expect(whole.map(({ count }) => count)).toEqual([4, 4, 1]);
    expect(decoder.asked.toSorted()).toEqual(files.toSorted());
    for (const first of [1, 2, 3]) {
      const rest = await copyPass(examples, { ...options, first });
      expect(rest).toEqual(whole.slice(first));
    }
    const other = await copyPass(examples, { ...options, random: options.random.fork("epoch 1") });
    expect(other[0]!.inputs).not.toEqual(whole[0]!.inputs);
  });

  test("are laid down in all eight ways, the small one as the large one", async () => {
    // One place only: whatever differs is the turn.
    const image = { height: 4, width: 4, pixels: Uint8Array.from({ length: 48 }, (_, i) => 5 * i) };
    const decoder = { decode: async () => image, close: async () => undefined };
    const examples = photographPatches(["x"], decoder, {
      scale: 2,
      patch: 4,
      repeat: 100,
      colours: "rgb",
      peak: 1,
    });
    const [batch] = await copyPass(examples, { ...options, batch: 100 });
    expect(Math.max(...batch!.targets)).toBeCloseTo(235 / 255, 6);
    const ways = new Set<string>();
    for (let n = 0; n < 100; n++) {
      const low = batch!.inputs.slice(n * 12, (n + 1) * 12);
      const high = batch!.targets.slice(n * 48, (n + 1) * 48);
      ways.add(high.join());
      // Both get brighter towards the same corner.
      const order = (corners: number[]): number[] =>
        [0, 1, 2, 3].toSorted((a, b) => corners[a]! - corners[b]!);
      expect(order([low[0]!, low[3]!, low[6]!, low[9]!])).toEqual(
        order([high[0]!, high[9]!, high[36]!, high[45]!]),
      );
    }
    expect(ways.size).toBe(8);
  });

  test("refuse nonsense", async () => {
    const make =
      (options: { scale: number; patch?: number; repeat?: number; peak?: number }) => () =>
        photographPatches(files, plainDecoder(), options);
    expect(make({ scale: 1 })).toThrow("a whole factor, 2 or more");
    expect(make({ scale: 2, patch: 33 })).toThrow("a multiple of the scale 2, not `33`");
    expect(make({ scale: 2, repeat: 0 })).toThrow("1 patch or more");
    expect(make({ scale: 2, peak: 0 })).toThrow("a number above 0");
    expect(() => photographPatches([], plainDecoder(), { scale: 2 })).toThrow("one photograph");
  });

  test("are refused before one is decoded where a photograph is smaller than they are", async () => {
    const decoder = plainDecoder();
    const pass = copyPass(photographPatches(files, decoder, { scale: 2, patch: 512 }), options);
    const problem: unknown = await pass.catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(UnfitFile);
    expect(String(problem)).toMatch(
      /has 1024 x 48\d pixels, fewer than a patch of 512 x 512; 2 others are too small/,
    );
    expect(String(problem)).toContain("smaller than [256, 256]");
    expect(decoder.asked).toEqual([]);
  });
});

describe("whole pairs", () => {
  test("are photographs cut to a multiple of the scale, one at a time, each of its size", async () => {
    const pairs = photographPairs(files, plainDecoder(), { scale: 4 });
    const whole = { ...options, batch: 1, shuffle: false };
    const shapes: unknown[] = [];
    for await (const { inputShape, targetShape, targets } of pairs.pass(whole)) {
      shapes.push([inputShape, targetShape, targets.length]);
    }
    expect(shapes).toEqual([
      [[121, 256, 1], [484, 1024, 1], 484 * 1024],
      [[127, 256, 1], [508, 1024, 1], 508 * 1024],
      [[124, 256, 1], [496, 1024, 1], 496 * 1024],
    ]);
    await expect(copyPass(pairs, { ...whole, batch: 2 })).rejects.toThrow("one at a time, not `2`");
  });

  test("that do not fit are refused", async () => {
    const set = { folder: "", pairs: [{ name: "x", low: files[0]!, high: files[1]! }] };
    const pass = copyPass(imagePairs(set, plainDecoder(), { scale: 2 }), { ...options, batch: 1 });
    await expect(pass).rejects.toThrow(`\`${files[1]}\` has 1024 x 510 pixels`);
  });
});

describe("recent photographs", () => {
  test("are kept up to a limit, those last used", async () => {
    const asked: string[] = [];
    const image = { height: 1, width: 1, pixels: new Uint8Array(3) };
    const decode = async ({ file }: { file: string }) => {
      asked.push(file);
      if (file === "broken") throw new CorruptFile(file, "is broken", "");
      return image;
    };
    const get = recentPhotographs({ decode, close: async () => undefined }, 6);
    for (const file of ["a", "b", "a", "c", "a", "b"]) expect(await get(file)).toBe(image);
    // c pushed b out, because a was used after it.
    expect(asked).toEqual(["a", "b", "c", "b"]);
    await expect(get("broken")).rejects.toThrow("is broken");
    await expect(get("broken")).rejects.toThrow("is broken");
  });
});
