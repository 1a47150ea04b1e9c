/**
 * Moves labels apart, as little as need be, so that none lies on another; where there is too little room for all, evenly.
 * @param wanted where each would lie @param gap between two @param bounds of the first and the last
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  [least, most]: readonly [number, number],
): readonly number[] {
  const order = wanted.map((at, index) => ({ at, index })).toSorted((a, b) => a.at - b.at);
  const step = Math.min(gap, (most - least) / Math.max(1, order.length - 1));
  let edge = least;
  const placed = order.map(({ at, index }) => {
    const here = Math.max(at, edge);
    edge = here + step;
    return { here, index };
  });
  let limit = most;
  const places: number[] = [];
  for (const { here, index } of placed.toReversed()) {
    places[index] = Math.min(here, limit);
    limit = (places[index] ?? 0) - step;
  }
  return places;
}
