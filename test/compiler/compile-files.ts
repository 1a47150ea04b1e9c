import { readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { expect } from "vitest";
import { compile, type Compiled, type CompileRequest } from "../../compiler/compile.ts";
import { renderText, type Diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Host } from "../../compiler/host.ts";

const specs = new URL("../../specs/", import.meta.url);

/** Every published spec, by its path below `specs/`. */
export const published: ReadonlyMap<string, string> = new Map(
  readdirSync(specs, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".repq"))
    .map((path) => [
      path.replaceAll("\\", "/"),
      readFileSync(new URL(path.replaceAll("\\", "/"), specs), "utf8"),
    ]),
);

/** A folder of files; `repq:` names the published specs. */
export function folderHost(files: Readonly<Record<string, string>>): Host {
  const text = (path: string) =>
    Object.hasOwn(files, path)
      ? files[path]
      : path.startsWith("repq:")
        ? published.get(`${path.slice("repq:".length)}.repq`)
        : undefined;
  return {
    read: text,
    resolve(from, specifier) {
      const path = specifier.startsWith("repq:")
        ? specifier
        : posix.join(posix.dirname(from.replace("repq:", "")), specifier);
      if (path.startsWith("..")) return { kind: "outside" };
      const known = from.startsWith("repq:") && !path.startsWith("repq:") ? `repq:${path}` : path;
      const found = [known, known.replace(/\.repq$/, "")].find((one) => text(one) !== undefined);
      if (found !== undefined) return { kind: "found", path: found };
      return { kind: "missing", tried: path, nearby: Object.keys(files) };
    },
  };
}

type Request = Omit<CompileRequest, "file"> & { readonly file?: string };

/** Compiles `main.repq`: a text, or a folder. */
export function compileFiles(
  files: string | Readonly<Record<string, string>>,
  request: Request = {},
): Compiled {
  const folder = typeof files === "string" ? { "main.repq": files } : files;
  return compile({ file: "main.repq", ...request }, folderHost(folder));
}

/** Codes of what was found, each once, in the order of their places. */
export function codesOf({ diagnostics }: Pick<Compiled, "diagnostics">): readonly string[] {
  return [...new Set(diagnostics.map(({ code }) => code))];
}

/** Every diagnostic can be shown: it points into its file, and no value is missing from its words, nor a fraction where none can be. */
export function expectPresentable(diagnostics: readonly Diagnostic[]): void {
  for (const { span, related } of diagnostics) {
    for (const place of [span, ...related.map((one) => one.span)]) {
      if (place === undefined) continue;
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.end).toBeGreaterThanOrEqual(place.start);
      expect(place.end).toBeLessThanOrEqual(place.source.text.length);
    }
  }
  for (const { code, message, label = "", help = "", related } of diagnostics) {
    const words = [message, label, help, ...related.map((one) => one.label)].join("\n");
    expect(words).not.toMatch(/undefined|NaN|\[object/);
    // No kernel has a fraction of a tap.
    expect(words).not.toMatch(/\d\.\d+x|x\d+\.\d|dilation: \d+\.\d/);
    if (code !== "name/missing-file") expect(`${message}\n${help}`).not.toContain("``");
  }
  renderText(diagnostics);
}
