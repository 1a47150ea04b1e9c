import { buildDense, countChannels, type Dense } from "./dense.ts";

/** Per channel mean and biased variance, in float64, of the elements that `counts`. */
export function referenceMoments(x: Dense, counts: (index: number) => boolean = () => true) {
  const channels = countChannels(x);
  const average = (term: (value: number, channel: number) => number) =>
    buildDense([channels], (_, channel) => {
      let sum = 0;
      let count = 0;
      for (let i = channel; i < x.data.length; i += channels) {
        if (!counts(i)) continue;
        sum += term(x.data[i]!, channel);
        count += 1;
      }
      return sum / count;
    });
  const mean = average((value) => value);
  const variance = average((value, channel) => (value - mean.data[channel]!) ** 2);
  return { mean, variance };
}

/** Batch normalization with given statistics, in float64. */
export function referenceNormalize(
  x: Dense,
  mean: Dense,
  variance: Dense,
  gamma: Dense,
  beta: Dense,
  epsilon: number,
): Dense {
  return buildDense(x.shape, (i, c) => {
    const factor = gamma.data[c]! / Math.sqrt(variance.data[c]! + epsilon);
    return (x.data[i]! - mean.data[c]!) * factor + beta.data[c]!;
  });
}
