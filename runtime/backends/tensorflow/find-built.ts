import { builtinModule } from "../builtin-module.ts";

/** A tfjs-node that `npm run setup:tensorflow` built. */
export type BuiltPackage = {
  readonly name: string;
  /** Its main file. */
  readonly file: string;
};

/** What may have been built, the one for GPUs first: where there is none it computes on the CPU. */
const names = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/**
 * What the setup built: in a folder `.tensorflow` beside some folder above this file, which lies in `runtime/` of a checkout or in `dist/` of
 * the package. There a package finds the one @tensorflow/tfjs that everybody uses by Node's own search upwards.
 */
export function findBuiltPackages(from: string = ownPath()): readonly BuiltPackage[] {
  const { dirname, join } = builtinModule("node:path");
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const found = packagesIn(join(folder, ".tensorflow"));
    if (found.length > 0 || folder === dirname(folder)) return found;
  }
}

function ownPath(): string {
  return builtinModule("node:url").fileURLToPath(import.meta.url);
}

function packagesIn(folder: string): readonly BuiltPackage[] {
  const { existsSync } = builtinModule("node:fs");
  const { join } = builtinModule("node:path");
  return names
    .map((name) => {
      const engine = name.slice(name.indexOf("/") + 1);
      const file = join(folder, engine, "node_modules", ...name.split("/"), "dist", "index.js");
      return { name, file };
    })
    .filter(({ file }) => existsSync(file));
}
