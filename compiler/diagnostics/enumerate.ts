/** More names than this are not read. */
const MOST_NAMES = 16;

/**
 * Names as a sentence lists them: `` `a`, `b` or `c` ``. Nothing for an empty list, so that it can stand for an optional placeholder.
 * @param conjunction between the last two: "or" where one is to be chosen, "and" where all are meant
 */
export function enumerate(names: Iterable<string>, conjunction: "or" | "and"): string | undefined {
  // Where the parser found no name there is an empty one.
  const all = [...names].filter((name) => name !== "").map((name) => `\`${name}\``);
  const shown = all.slice(0, MOST_NAMES);
  const last = all.length > shown.length ? `${all.length - shown.length} more` : shown.pop();
  if (last === undefined) return undefined;
  return shown.length === 0 ? last : `${shown.join(", ")} ${conjunction} ${last}`;
}
