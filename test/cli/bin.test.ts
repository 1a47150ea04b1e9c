/** The program as it is installed: built, started by node, in a folder of its own. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { fakeTerminal } from "./fake-terminal.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("says how to build it, and works once built", () => {
  const { folder } = fakeTerminal({
    "mine.repq": "block Mine => conv(3x3) {\n",
    "right.repq": "block Mine => conv(3x3) { branch a = conv(3x3) }\n",
  });
  mkdirSync(join(folder, "cli"));
  copyFileSync(join(root, "cli/bin.js"), join(folder, "cli/bin.js"));
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  for (const name of ["node_modules", "specs"]) {
    symlinkSync(join(root, name), join(folder, name), "junction");
  }
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["cli/bin.js", ...args], { cwd: folder, encoding: "utf8" });

  const unbuilt = run("--version");
  expect(unbuilt.stderr).toContain("repqc is not built yet");
  expect(unbuilt.status).toBe(1);

  execFileSync(process.execPath, [join(root, "build.mjs"), join(folder, "dist")]);
  const { status, stdout, stderr } = run("check", "mine.repq");
  expect(stderr).toBe("checked 1 file: 1 error\n");
  expect(stdout).toMatch(/^error\[syntax\/unclosed\]: /);
  expect(stdout).toContain("mine.repq:");
  expect(status).toBe(1);

  // What every start would have to load is in the bundle, and the engine is not among it.
  rmSync(join(folder, "node_modules"));
  const alone = run("check", "repq:blocks/repvgg");
  expect(alone.stderr).toBe("checked 1 file: nothing to complain about\n");
  expect(run("fmt", "right.repq").stderr).toContain("Cannot find package 'prettier'");
});
