/** The candidate that a mistyped name most likely means, if any is near enough. */
export function findClosestName(name: string, candidates: readonly string[]): string | undefined {
  const farthest = Math.max(1, Math.floor(name.length / 2));
  const distances = candidates.map((candidate) => countEdits(name.toLowerCase(), candidate));
  const shortest = Math.min(...distances);
  return shortest <= farthest ? candidates[distances.indexOf(shortest)] : undefined;
}

/** Levenshtein's distance, one row of the table at a time. */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = above[column - 1]! + (letter === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[to.length]!;
}
