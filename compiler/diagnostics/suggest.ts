import { didYouMean } from "../../grammar/did-you-mean.ts";

/** Longer words are no slips of a finger. */
const LONGEST_WORD = 64;
const SHORTEST_STEM = 3;

/**
 * The name that was most likely meant: a slip of at most two letters away, or else one that begins with what was written, or that begins
 * what was written (`batchsize` for `batch`). Nothing where no name is close.
 */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > LONGEST_WORD) return undefined;
  const candidates = [...known].filter((one) => one !== name && one.length <= LONGEST_WORD);
  return didYouMean(name, candidates) ?? candidates.find((one) => shareStem(one, name));
}

function shareStem(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= SHORTEST_STEM && long.toLowerCase().startsWith(short.toLowerCase());
}
