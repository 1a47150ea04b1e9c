/** A channel that the images hardly move may be alive elsewhere, and would then outgrow all others. */
const most = 32;

/**
 * What to divide the channels of a seam by, so that a grid with one step suits all of them: the root of range over
 * weight, where `weight` is how much the readers make of a channel. Ranges and weights then vary equally, as between
 * the layers in Nagel et al. (ICCV 2019, section 4.1) and, with ranges that are measured, in SmoothQuant (Xiao et al., ICML 2023,
 * equation 4 with 1/2). Relative to their geometric mean, and within a factor of 32 of it. A channel that is always 0, or that
 * nobody reads, stays as it is.
 */
export function channelScales(
  ranges: ArrayLike<number>,
  weights: ArrayLike<number>,
): readonly number[] {
  const roots = Array.from(ranges, (range, channel) => Math.sqrt(range / (weights[channel] ?? 0)));
  const usable = roots.filter(isUsable);
  const middle = Math.exp(usable.reduce((sum, root) => sum + Math.log(root), 0) / usable.length);
  return roots.map((root) =>
    isUsable(root) ? Math.min(most, Math.max(1 / most, root / middle)) : 1,
  );
}

function isUsable(scale: number): boolean {
  return scale > 0 && Number.isFinite(scale);
}
