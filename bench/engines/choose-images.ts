/** A step should not take longer: an engine that is slow takes smaller ones. */
const patience = 2000;

/**
 * How many images a step should have: the batch, or what a slow engine manages in two seconds, at least one.
 * @param timeStep milliseconds of a step on so many images, once everything is compiled
 */
export async function chooseImages(
  batch: number,
  timeStep: (images: number) => Promise<number>,
): Promise<number> {
  let images = 1;
  while (images < batch) {
    const next = Math.min(batch, 4 * images);
    const expected = ((await timeStep(images)) * next) / images;
    if (expected > patience) break;
    images = next;
  }
  return images;
}
