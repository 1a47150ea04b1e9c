/** Numbers of 0 to 1 less the mean, divided by the deviation: one of each for every channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Of ImageNet's training images, as all official repositories have it: red, green, blue. */
export const imagenetNormalization: Normalization = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** Of CIFAR-10's training images. */
export const cifar10Normalization: Normalization = {
  mean: [0.4914, 0.4822, 0.4465],
  deviation: [0.247, 0.2435, 0.2616],
};

/** @throws RangeError unless there is a mean and a deviation above 0 for every channel */
export function checkNormalization({ mean, deviation }: Normalization, channels: number): void {
  if (mean.length !== channels || deviation.length !== channels) {
    throw new RangeError(
      `Images of ${channels} channels need as many means and deviations, not ${mean.length} and ${deviation.length}.`,
    );
  }
  if (![...mean, ...deviation].every(Number.isFinite) || deviation.some((number) => number <= 0)) {
    throw new RangeError("Means are numbers, and deviations are numbers above 0.");
  }
}

/** Normalizes images in place, each step rounded to float32; channels come last and are counted by the means. */
export function normalizeImages(images: Float32Array, { mean, deviation }: Normalization): void {
  const means = Float32Array.from(mean);
  const deviations = Float32Array.from(deviation);
  const channels = means.length;
  for (let start = 0; start < images.length; start += channels) {
    for (let c = 0; c < channels; c++) {
      images[start + c] = Math.fround(images[start + c]! - means[c]!) / deviations[c]!;
    }
  }
}
