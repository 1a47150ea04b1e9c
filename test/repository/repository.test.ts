/** The rules of the house that tools can check: types, import directions, formatting, lint, dead code, what must not be in the lock file. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a tool of node_modules; resolves to its exit code and what it printed. */
function run(tool: string, ...args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [`node_modules/${tool}`, ...args],
      { cwd: root, maxBuffer: 2 ** 26, env: { ...process.env, NO_COLOR: "1" } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

describe("the repository", () => {
  it.each([
    ["has no type errors", "typescript/bin/tsc", ["-p", "."]],
    [
      "imports only in the allowed directions",
      "dependency-cruiser/bin/dependency-cruise.mjs",
      ["--config", ".dependency-cruiser.cjs", "grammar", "compiler", "runtime", "cli", "bench"],
    ],
    ["is formatted", "prettier/bin/prettier.cjs", ["--check", "."]],
    ["is free of lint", "oxlint/bin/oxlint", ["--deny-warnings"]],
    ["has no dead code and no unused dependency", "knip/bin/knip.js", ["--no-progress"]],
  ] as const)("%s", { timeout: 240_000 }, async (_, tool, args) => {
    const { code, output } = await run(tool, ...args);
    expect(code === 0 ? "" : output).toBe("");
  });

  it("names no registry in its lock file", () => {
    const lock = readFileSync(`${root}/package-lock.json`, "utf8");
    expect(lock.match(/"resolved": "https?:[^"]*/)).toBeNull();
  });

  it("has no code for any published block", () => {
    // Not inside longer words: "beforePart".
    const block = /(?<![a-z])(repvgg|acnet|dbb|orepa|mobileone|ecbsr)/i;
    const named = ["compiler", "runtime"].flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
        .map((name) => `${folder}/${name}`)
        .filter((name) => name.endsWith(".ts"))
        .filter((name) => block.test(readFileSync(`${root}/${name}`, "utf8"))),
    );
    expect(named).toEqual([]);
  });
});
