import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Installed {
  /** Folder in which commands run. */
  readonly folder: string;
  readonly run: (...args: readonly string[]) => {
    status: number | null;
    stdout: string;
    stderr: string;
  };
  readonly write: (name: string, content: string | Uint8Array) => void;
  readonly remove: () => void;
}

/** Builds, packs and unpacks the package as npm would install it; its dependencies are those of this checkout. */
export function installPacked(): Installed {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const place = mkdtempSync(join(cache, "repqc-e2e-"));
  execFileSync(process.execPath, ["build.mjs", "--types"], { cwd: root });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const packed = execFileSync(
    npm,
    ["pack", "--ignore-scripts", "--json", "--pack-destination", place],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  execFileSync("tar", ["-xzf", filename], { cwd: place });
  const home = join(place, "package");
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"), "junction");
  const folder = join(place, "work");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(home, join(folder, "node_modules", "repqc"), "junction");
  return {
    folder,
    run: (...args) => {
      const env = { ...process.env, NO_COLOR: "1" };
      const options = { cwd: folder, encoding: "utf8", env } as const;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(home, "cli", "bin.js"), ...args],
        options,
      );
      return { status, stdout, stderr };
    },
    write: (name, content) => writeFileSync(join(folder, name), content),
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}
