/** The program as it is installed: built, started by node, in a folder of its own. */
import { execFileSync, spawnSync, type StdioOptions } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
} from "node:fs";
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

it.skipIf(!existsSync("/dev/full"))("tells a full disk behind its output from a bug", () => {
  const { folder } = fakeTerminal({
    "right.repq": "block Mine => conv(3x3) { branch a = conv(3x3) }\n",
  });
  execFileSync(process.execPath, [join(root, "build.mjs"), join(folder, "dist")]);
  mkdirSync(join(folder, "cli"));
  copyFileSync(join(root, "cli/bin.js"), join(folder, "cli/bin.js"));
  for (const name of ["package.json", "node_modules", "specs"]) {
    symlinkSync(join(root, name), join(folder, name), "junction");
  }
  const full = openSync("/dev/full", "w");
  const run = (stdio: StdioOptions, ...args: readonly string[]) =>
    spawnSync(process.execPath, ["cli/bin.js", ...args], { cwd: folder, encoding: "utf8", stdio });
  const fmt = ["explain", "merge/dearer"];
  const lost = run(["ignore", full, "pipe"], ...fmt);
  expect(lost.stderr).toMatch(
    /^error\[artefact\/unwritable\]: `standard output` cannot be written: the disk is full/,
  );
  expect(lost.status).toBe(1);
  const unheard = run(["ignore", "pipe", full], "check", "right.repq");
  expect(unheard.status).toBe(0);
  closeSync(full);
});
