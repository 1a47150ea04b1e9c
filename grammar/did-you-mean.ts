/** The option a mistyped word most likely stands for: at most two edits away, and fewer than the word has letters to spare. */
export function didYouMean(word: string, options: Iterable<string>): string | undefined {
  const limit = Math.min(2, Math.floor(word.length / 2));
  let best: { option: string; distance: number } | undefined;
  for (const option of options) {
    if (Math.abs(option.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), option.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) {
      best = { option, distance };
    }
  }
  return best?.option;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const costs = [
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + Number(!isSame),
      ];
      if (isSwap) costs.push(beforeLast[column - 2]! + 1);
      current.push(Math.min(...costs));
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}
