import { textOf } from "../../grammar/source.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, enumerate, suggest } from "../diagnostics/index.ts";
import type { Model, Policy } from "../ir/index.ts";
import { limits } from "../limits.ts";
import type { Place } from "./places.ts";
import { matches } from "./select.ts";

/** Paths that a message can suggest. */
const mostSuggested = 200;

/** Tells of selectors that change nothing: they match no place, or none that a setting of their `at` is for. */
export function reportIdle(
  model: Model,
  policy: Policy,
  places: readonly Place[],
): readonly Diagnostic[] {
  return policy.overrides
    .flatMap(({ selectors, settings }) => {
      const named = Object.keys(settings);
      const open = places.filter((place) => isFor(place, named));
      const idle = selectors.filter((one) => !open.some((place) => matches(one, place)));
      return idle.map((selector) => ({ selector, named, open }));
    })
    .slice(0, limits.diagnostics)
    .map(({ selector, named, open }) => {
      const text = textOf(selector.span);
      const paths = open.map(({ path }) => path);
      const bindings = new Set(paths.map((path) => path.split(".")[0] ?? path));
      const candidates = [...new Set([...bindings, ...paths])].slice(0, mostSuggested);
      const isMatched = places.some((place) => matches(selector, place));
      const parameters = {
        selector: text,
        what: isMatched ? `nothing that ${enumerate(named, "or")} is for` : "nothing",
        model: model.entry,
        suggestion: suggest(text, candidates),
        known: enumerate(paths, "and"),
      };
      return diagnostic("quant/no-match", selector.span, parameters);
    });
}

/** An `at` without settings is for every place. */
function isFor({ settings }: Place, named: readonly string[]): boolean {
  return named.length === 0 || settings.some((setting) => named.includes(setting));
}
