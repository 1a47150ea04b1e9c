import type { Import } from "../../grammar/index.ts";
import { parse } from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, suggest, syntaxDiagnostics } from "../diagnostics/index.ts";
import type { Host } from "../host.ts";
import type { LoadedFile } from "../handover.ts";
import { limits } from "../limits.ts";

export interface Loaded {
  /** Imported files before those that import them; the entry file is last. */
  readonly files: readonly LoadedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file and, once each, all that it imports; no cycles (rule S13). */
export function load(entry: string, host: Host): Loaded {
  const diagnostics: Diagnostic[] = [];
  const done = new Map<string, LoadedFile>();
  const open: string[] = [];

  const visit = (path: string, text: string): void => {
    open.push(path);
    const { file, problems } = parse({ path, text });
    diagnostics.push(...syntaxDiagnostics(problems));
    const targets = new Map<Import, string>();
    for (const statement of file.imports) {
      if (
        problems.some(
          ({ span }) => span.start <= statement.span.end && span.end >= statement.span.start,
        )
      )
        continue;
      const target = follow(path, statement);
      if (target !== undefined) targets.set(statement, target);
    }
    open.pop();
    done.set(path, { path, file, targets });
  };

  const follow = (from: string, { from: literal }: Import): string | undefined => {
    const resolution = host.resolve(from, literal.value);
    if (resolution.kind === "outside") {
      diagnostics.push(diagnostic("name/import-outside", literal.span, { path: literal.value }));
      return undefined;
    }
    const text = resolution.kind === "found" ? host.read(resolution.path) : undefined;
    if (resolution.kind === "missing" || text === undefined) {
      const { tried, nearby } =
        resolution.kind === "missing" ? resolution : { tried: resolution.path, nearby: [] };
      const suggestion = suggest(literal.value, nearby);
      diagnostics.push(
        diagnostic("name/missing-file", literal.span, {
          path: literal.value,
          resolved: tried,
          suggestion,
        }),
      );
      return undefined;
    }
    if (open.includes(resolution.path)) {
      const cycle = [...open.slice(open.indexOf(resolution.path)), resolution.path].join(" -> ");
      diagnostics.push(diagnostic("name/import-cycle", literal.span, { cycle }));
      return undefined;
    }
    if (!done.has(resolution.path) && open.length >= limits.depth) {
      diagnostics.push(
        diagnostic("limit/depth", literal.span, {
          what: "files import files",
          limit: limits.depth,
        }),
      );
      return undefined;
    }
    if (!done.has(resolution.path)) visit(resolution.path, text);
    return resolution.path;
  };

  const text = host.read(entry);
  if (text === undefined) {
    return {
      files: [],
      diagnostics: [diagnostic("artefact/missing-file", undefined, { file: entry })],
    };
  }
  visit(entry, text);
  return { files: [...done.values()], diagnostics };
}
