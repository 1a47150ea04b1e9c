import type { ImportName, Name } from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, enumerate, suggest } from "../diagnostics/index.ts";
import type { Bound, LoadedFile, Scope } from "../handover.ts";
import { checkNames } from "./check-names.ts";
import { FileScope } from "./file-scope.ts";
import { isMissing } from "./names.ts";
import { Problems } from "./problems.ts";
import { reservedNames } from "./words.ts";

export interface Bindings {
  /** Scope of each file, by path. */
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves every name; files come in import order. */
export function bind(files: readonly LoadedFile[]): Bindings {
  const problems = new Problems();
  const scopes = new Map<string, Scope>();
  for (const file of files) scopes.set(file.path, scopeOf(file, scopes, problems));
  for (const { path, file } of files) {
    const scope = scopes.get(path);
    if (!scope) continue;
    for (const declaration of file.declarations) checkNames(declaration, scope, problems);
  }
  return { scopes, diagnostics: problems.diagnostics };
}

function scopeOf(
  loaded: LoadedFile,
  scopes: ReadonlyMap<string, Scope>,
  problems: Problems,
): Scope {
  const scope = new FileScope();
  const places = new Map<string, Name>();
  const declare = (name: Name, kind: string, bound: Bound) => {
    if (isMissing(name)) return;
    const earlier = places.get(name.text);
    if (reservedNames.has(name.text)) {
      problems.report(() => diagnostic("name/reserved", name.span, { name: name.text, kind }));
    } else if (earlier) {
      const related = [{ span: earlier.span, label: "the first one" }];
      const parameters = { kind: "declarations", name: name.text };
      problems.report(() => diagnostic("name/duplicate", name.span, parameters, { related }));
    } else {
      places.set(name.text, name);
      scope.set(name.text, bound);
    }
  };
  for (const statement of loaded.file.imports) {
    const target = loaded.targets.get(statement);
    const exported = target === undefined ? undefined : scopes.get(target);
    for (const imported of statement.names) {
      if (isMissing(imported.name)) continue;
      const bound = exported?.get(imported.name.text);
      if (bound && target !== undefined && isDeclaredIn(bound, target))
        declare(imported.local, bound.declaration.kind, bound);
      else {
        scope.lost.add(imported.local.text);
        if (exported && target !== undefined && !exported.lost.has(imported.name.text))
          problems.report(() => unknownExport(imported, statement.from.value, exported, target));
      }
    }
  }
  for (const declaration of loaded.file.declarations)
    declare(declaration.name, declaration.kind, { declaration, scope });
  return scope;
}

function isDeclaredIn({ declaration }: Bound, path: string): boolean {
  return declaration.span.source.path === path;
}

function unknownExport(
  { name }: ImportName,
  path: string,
  exported: Scope,
  target: string,
): Diagnostic {
  const known = [...exported]
    .filter(([, bound]) => isDeclaredIn(bound, target))
    .map(([text]) => text);
  const elsewhere = exported.get(name.text)?.declaration.span.source.path;
  return diagnostic(
    "name/unknown-export",
    name.span,
    {
      path,
      name: name.text,
      suggestion: suggest(name.text, known),
      known: enumerate(known, "and"),
    },
    elsewhere === undefined
      ? {}
      : {
          help: `that file imports it itself: import it from \`${elsewhere}\`, where it is declared`,
        },
  );
}
