import type { Name, Param } from "../../grammar/index.ts";
import { diagnostic, enumerate, suggest } from "../diagnostics/index.ts";
import type { Scope } from "../handover.ts";
import { opByName } from "../ops/index.ts";
import type { Problems } from "./problems.ts";

/** What a name inside a declaration can mean. */
export interface Names extends Pick<Problems, "report"> {
  readonly scope: Scope;
  /** The declaration's parameters that can be used here. */
  readonly params: ReadonlySet<string>;
}

export function namesOf(scope: Scope, params: readonly Param[], problems: Problems): Names {
  return {
    scope,
    params: new Set(params.map((param) => param.name.text)),
    report: (build) => problems.report(build),
  };
}

/** Where the parser found no name: that has been said. */
export function isMissing(name: Name): boolean {
  return name.text === "";
}

/** Names of the activations, which are values as well as steps. */
export const activations: readonly string[] = [...opByName.values()]
  .filter((op) => op.kind === "map")
  .map((op) => op.name);

export function declaredNames({ scope }: Names, kind: "block" | "kernel"): readonly string[] {
  return [...scope]
    .filter(([, { declaration }]) => declaration.kind === kind)
    .map(([name]) => name);
}

/** What to say of a name that is not among the known ones. */
export function hints(text: string, known: readonly string[]) {
  return { suggestion: suggest(text, known), known: enumerate(known, "or") };
}

export function checkUnique({ report }: Names, kind: string, all: readonly Name[]): void {
  const first = new Map<string, Name>();
  for (const name of all) {
    if (isMissing(name)) continue;
    const earlier = first.get(name.text);
    if (!earlier) first.set(name.text, name);
    else {
      const related = [{ span: earlier.span, label: "the first one" }];
      report(() => diagnostic("name/duplicate", name.span, { kind, name: name.text }, { related }));
    }
  }
}
