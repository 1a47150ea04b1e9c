import type { ImportName, Name } from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, enumerate, suggest } from "../diagnostics/index.ts";
import type { Bound, LoadedFile, Scope } from "../handover.ts";
import { checkNames } from "./check-names.ts";
import { reservedNames } from "./words.ts";

export interface Bindings {
  /** Scope of each file, by path. */
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Resolves every name; files come in import order. */
export function bind(files: readonly LoadedFile[]): Bindings {
  const diagnostics: Diagnostic[] = [];
  const scopes = new Map<string, Scope>();
  for (const file of files) scopes.set(file.path, scopeOf(file, scopes, diagnostics));
  for (const { path, file } of files) {
    const scope = scopes.get(path) ?? new Map();
    const imported = file.imports.flatMap(({ names }) => names.map(({ local }) => local.text));
    const lost = new Set(imported.filter((name) => !scope.has(name)));
    for (const declaration of file.declarations) {
      diagnostics.push(...checkNames(declaration, scope, lost));
    }
  }
  return { scopes, diagnostics };
}

function scopeOf(
  loaded: LoadedFile,
  scopes: ReadonlyMap<string, Scope>,
  diagnostics: Diagnostic[],
): Scope {
  const scope = new Map<string, Bound>();
  const places = new Map<string, Name>();
  const declare = (name: Name, kind: string, bound: Bound) => {
    const earlier = places.get(name.text);
    if (reservedNames.has(name.text)) {
      diagnostics.push(diagnostic("name/reserved", name.span, { name: name.text, kind }));
    } else if (earlier) {
      const related = [{ span: earlier.span, label: "the first one" }];
      diagnostics.push(
        diagnostic(
          "name/duplicate",
          name.span,
          { kind: "declarations", name: name.text },
          { related },
        ),
      );
    } else {
      places.set(name.text, name);
      scope.set(name.text, bound);
    }
  };
  for (const statement of loaded.file.imports) {
    const target = loaded.targets.get(statement);
    const exported = target === undefined ? undefined : scopes.get(target);
    if (!exported || target === undefined) continue;
    for (const imported of statement.names) {
      const bound = exported.get(imported.name.text);
      if (bound && isDeclaredIn(bound, target))
        declare(imported.local, bound.declaration.kind, bound);
      else diagnostics.push(unknownExport(imported, statement.from.value, exported, target));
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
  return diagnostic("name/unknown-export", name.span, {
    path,
    name: name.text,
    suggestion: suggest(name.text, known),
    known: enumerate(known, "and"),
  });
}
