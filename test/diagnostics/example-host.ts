import { posix } from "node:path";
import type { ExampleFile } from "../../compiler/diagnostics/index.ts";
import type { Host } from "../../compiler/host.ts";

/** The files of one example as a folder of their own; what would leave it is outside. */
export function exampleHost(files: readonly ExampleFile[]): Host {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return {
    read: (path) => texts.get(path),
    resolve(from, specifier) {
      const path = posix.join(posix.dirname(from), specifier);
      if (path.startsWith("..")) return { kind: "outside" };
      if (texts.has(path)) return { kind: "found", path };
      return { kind: "missing", tried: path, nearby: [...texts.keys()].map((name) => `./${name}`) };
    },
  };
}
