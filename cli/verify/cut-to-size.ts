import type { Examples } from "../../runtime/data/index.ts";
import { sliceExamples } from "../../runtime/integer/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";

/** Inputs as the model takes them; of larger images all the pieces of that size, side by side. */
export async function* cutToSize(
  examples: Examples,
  shape: readonly number[],
  batch: number,
): AsyncGenerator<HostTensor> {
  const random = Random.fromSeed(0); // Unused where nothing is shuffled or augmented.
  for await (const { inputs, inputShape, count } of examples.pass({
    batch,
    random,
    shuffle: false,
  })) {
    const whole = { shape: [count, ...inputShape], data: inputs.slice(0, inputs.length) };
    if (inputShape.join() === shape.join()) yield whole;
    else yield* tilesOf(whole, shape);
  }
}

function* tilesOf(images: HostTensor, [height = 1, width = 1]: readonly number[]) {
  const [count = 0, rows = 0, columns = 0, channels = 1] = images.shape;
  for (let n = 0; n < count; n++) {
    const { data } = sliceExamples(images, n, 1);
    for (let top = 0; top + height <= rows; top += height) {
      for (let left = 0; left + width <= columns; left += width) {
        const tile = new Float32Array(height * width * channels);
        for (let row = 0; row < height; row++) {
          const from = ((top + row) * columns + left) * channels;
          tile.set(data.subarray(from, from + width * channels), row * width * channels);
        }
        yield { shape: [1, height, width, channels], data: tile };
      }
    }
  }
}
