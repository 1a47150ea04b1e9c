/** The script on machines that lack something: made of programs that pretend, in a PATH of their own. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "repqc-setup-"));
const programs = join(place, "programs");
const copy = join(place, "package");

mkdirSync(copy);
cpSync(join(root, "setup"), join(copy, "setup"), { recursive: true });
cpSync(join(root, "package.json"), join(copy, "package.json"));
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
afterAll(() => rmSync(place, { recursive: true }));

beforeEach(() => {
  rmSync(programs, { recursive: true, force: true });
  mkdirSync(programs);
});

/** A program of that name that runs some lines of shell. */
function pretend(name: string, ...lines: string[]): void {
  const file = join(programs, name);
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(file, 0o755);
}

function pretendCompiler(): void {
  pretend("make", "exit 0");
  pretend("g++", "exit 0");
}

/** A Python whose pip downloads by these lines. */
function pretendPip(...lines: string[]): void {
  pretend("python3", 'case "$*" in', '  *"pip --version"*|--version) exit 0 ;;', "esac", ...lines);
}

function setUp(...args: string[]) {
  const { CXX: _, PYTHON: __, ...env } = process.env;
  const script = join(copy, "setup", "tensorflow.mjs");
  const ended = spawnSync(process.execPath, [script, ...args], {
    env: { ...env, PATH: programs },
    encoding: "utf8",
  });
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  return { code: ended.status, ...ended };
}

describe.skipIf(process.platform !== "linux")("npm run setup:tensorflow", () => {
  it("says what it knows", () => {
    const { code, stdout } = setUp("--help");
    expect(code).toBe(0);
    for (const option of ["--gpu", "--from", "--python", "--force"]) {
      expect(stdout).toContain(option);
    }
  });

  it("ends with 2 where it is called wrongly", () => {
    const { code, stderr } = setUp("--cuda");
    expect(code).toBe(2);
    expect(stderr).toContain("--cuda");
    expect(stderr).toContain("--gpu");
  });

  it("wants a compiler before it downloads anything", () => {
    const { code, stderr } = setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("There is no make");
    expect(stderr).toContain("apt-get install build-essential");
    pretend("make", "exit 0");
    expect(setUp().stderr).toContain("There is no g++");
  });

  it("wants a Python", () => {
    pretendCompiler();
    const { code, stderr } = setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("There is no Python here");
    expect(stderr).toContain("--from");
    expect(setUp("--python", "/no/such/python").stderr).toContain(
      "There is no Python at /no/such/python",
    );
  });

  it("wants its pip", () => {
    pretendCompiler();
    pretend("python3", '[ "$1" = --version ] && exit 0', "exit 1");
    const { code, stderr } = setUp();
    expect(code).toBe(1);
    expect(stderr).toContain("python3 has no pip");
  });

  it("tells a missing network from a missing wheel, and leaves nothing half done", () => {
    pretendCompiler();
    pretendPip('echo "NewConnectionError: Failed to establish a new connection" >&2', "exit 1");
    const offline = setUp();
    expect(offline.code).toBe(1);
    expect(offline.stderr).toMatch(/pip could not get tensorflow-cpu==\S+/);
    expect(offline.stderr).toContain("Failed to establish a new connection");
    expect(offline.stderr).toContain("pip reaches no package index");
    pretendPip('echo "ERROR: No matching distribution found" >&2', "exit 1");
    const unknown = setUp();
    expect(unknown.stderr).toContain("No matching distribution found");
    expect(unknown.stderr).not.toContain("reaches no package index");
    expect(readdirSync(join(copy, ".tensorflow"))).toEqual(["downloads"]);
  });

  it("clears away what a run that was killed left", () => {
    pretendCompiler();
    pretendPip("exit 1");
    // No process has a number as high.
    const abandoned = join(copy, ".tensorflow", "tfjs-node.building-4194999");
    mkdirSync(abandoned, { recursive: true });
    setUp();
    expect(existsSync(abandoned)).toBe(false);
  });

  it("refuses a folder without a libtensorflow", () => {
    pretendCompiler();
    const { code, stderr } = setUp("--from", place);
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no libtensorflow with its headers in ${place}`);
  });

  it("does without pip where a folder is given", () => {
    pretendCompiler();
    const own = join(place, "own");
    for (const file of [
      "lib/libtensorflow.so.2",
      "lib/libtensorflow_framework.so.2",
      "include/tensorflow/c/c_api.h",
    ]) {
      mkdirSync(join(own, file, ".."), { recursive: true });
      writeFileSync(join(own, file), "");
    }
    pretend("npm", 'echo "npm error network request failed" >&2', "exit 1");
    delete process.env["npm_execpath"];
    const { code, stderr } = setUp("--from", own);
    expect(code).toBe(1);
    expect(stderr).toContain("npm could not get @tensorflow/tfjs-node@");
    expect(stderr).toContain("npm error network request failed");
  });
});
