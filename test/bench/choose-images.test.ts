import { describe, expect, it } from "vitest";
import { chooseImages } from "../../bench/engines/choose-images.ts";

/** An engine that takes so many milliseconds for an image. */
async function choose(batch: number, perImage: number) {
  const tried: number[] = [];
  const images = await chooseImages(batch, async (some) => {
    tried.push(some);
    return some * perImage;
  });
  return { images, tried };
}

describe("the images of a step", () => {
  it.each([
    [32, 5, 32, [1, 4, 16]],
    [24, 5, 24, [1, 4, 16]],
    [32, 150, 4, [1, 4]],
    [32, 4000, 1, [1]],
    [1, 4000, 1, []],
  ])("of a batch of %d at %d ms each are %d", async (batch, perImage, images, tried) => {
    expect(await choose(batch, perImage)).toEqual({ images, tried });
  });
});
