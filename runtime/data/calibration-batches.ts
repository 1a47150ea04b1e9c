import type { Random } from "../random.ts";
import type { ExampleBatch, Examples } from "./examples.ts";

/** Images that ranges are measured with. */
const calibrationImages = 256;
const batch = 16;

/** Some examples as training sees them, in a random order: all of a pass, or the first {@link calibrationImages}. */
export async function* calibrationBatches(
  examples: Examples,
  random: Random,
): AsyncGenerator<ExampleBatch, void, undefined> {
  let left = calibrationImages;
  for await (const one of examples.pass({ batch, random, shuffle: true })) {
    yield one;
    left -= one.count;
    if (left <= 0) return;
  }
}
