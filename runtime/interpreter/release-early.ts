import type { Call } from "../../compiler/ir/plan.ts";

/** A call of which it is not yet known what dies with it. */
export type OpenCall = Omit<Call, "releases">;

/** Notes with each call which values of calls are used there for the last time; `needed` ones live on. */
export function releaseEarly(
  calls: readonly OpenCall[],
  needed: ReadonlySet<string>,
): readonly Call[] {
  const seen = new Set(needed);
  const made = new Set(calls.flatMap(({ results }) => results.map(({ name }) => name)));
  const backwards = calls.toReversed().map((call) => {
    const used = call.arguments.flatMap((one) => ("value" in one ? [one.value] : []));
    const touched = new Set([...used, ...call.results.map(({ name }) => name)]);
    const releases = [...touched].filter((name) => made.has(name) && !seen.has(name));
    for (const name of touched) seen.add(name);
    return { ...call, releases };
  });
  return backwards.toReversed();
}
