import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { isRunning, startOf } from "../../cli/train/process-start.ts";
import { lockRun } from "../../cli/train/run-lock.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { netSpec, writeIdxFolder } from "./train-world.ts";

/** A folder `run`, and its lock as somebody else would have left it. */
function world(left?: object | string) {
  const terminal = fakeTerminal({});
  const file = join(terminal.folder, "run/run.lock");
  mkdirSync(join(terminal.folder, "run"));
  if (left !== undefined) {
    writeFileSync(file, typeof left === "string" ? left : JSON.stringify(left));
  }
  return { terminal, file, lock: () => lockRun("run", terminal) };
}

/** The number of a process that has ended. */
function endedProcess(): number {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  return pid;
}

const ours = { process: process.pid, host: hostname(), start: startOf(process.pid) ?? null };

describe("the lock of a run", () => {
  it("is held by one, until it gives it free", () => {
    const { terminal, file, lock } = world();
    const release = lock();
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(ours);
    expect(lock).toThrow(`\`run\` is being trained by process ${process.pid}`);
    release();
    expect(readdirSync(join(terminal.folder, "run"))).toEqual([]);
    lock()();
    expect(terminal.errors()).toBe("");
  });

  it("is taken over, with a note, from a process that has ended", () => {
    const process_ = endedProcess();
    const { terminal, file, lock } = world({ ...ours, process: process_, start: null });
    const release = lock();
    expect(terminal.errors()).toContain(
      `note: process ${process_} on ${hostname()}, which trained`,
    );
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(ours);
    release();
    expect(readdirSync(join(terminal.folder, "run"))).toEqual([]);
  });

  it.skipIf(startOf(process.pid) === undefined)(
    "is taken over where another process has the number now",
    () => {
      const { terminal, lock } = world({ ...ours, start: "an earlier boot 12" });
      lock()();
      expect(terminal.errors()).toContain("has ended");
    },
  );

  it.each([
    ["of a process on another machine", { ...ours, host: "elsewhere" }, "on elsewhere"],
    ["that cannot be read", "{", "somebody whose lock cannot be read"],
    ["of another kind", { process: -1 }, "somebody whose lock cannot be read"],
  ])("%s is left alone", (_, left, text) => {
    const { file, lock } = world(left);
    const before = readFileSync(file, "utf8");
    expect(lock).toThrow(text);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("of somebody else is not removed at the end", () => {
    const { file, lock } = world();
    const release = lock();
    writeFileSync(file, JSON.stringify({ ...ours, host: "elsewhere" }));
    release();
    expect(existsSync(file)).toBe(true);
  });

  it("knows which processes there are", () => {
    expect(isRunning(process.pid)).toBe(true);
    expect(isRunning(endedProcess())).toBe(false);
    expect(startOf(endedProcess())).toBeUndefined();
  });
});

describe("repqc train", () => {
  it("trains no run that another process trains, and says what to do", async () => {
    const terminal = fakeTerminal({ "net.repq": netSpec });
    const at = (path: string) => join(terminal.folder, path);
    writeIdxFolder(at("images"));
    const usual = "--entry Net --recipe Short(1) --data images --backend cpu -o run".split(" ");
    mkdirSync(at("run"));
    const write = (holder: object) => writeFileSync(at("run/run.lock"), JSON.stringify(holder));
    write(ours);
    const begin = () => main(["train", "net.repq", ...usual], terminal);
    expect(await begin()).toBe(1);
    expect(terminal.errors()).toContain("config/run-locked");
    expect(terminal.errors()).toContain("it saves a checkpoint at Ctrl-C");
    expect(readdirSync(at("run"))).toEqual(["run.lock"]);

    write({ ...ours, process: endedProcess(), start: null });
    expect(await begin(), terminal.errors()).toBe(0);
    expect(existsSync(at("run/run.lock"))).toBe(false);
    const weights = readFileSync(at("run/weights.safetensors"));

    // Killed before it wrote the weights, and taken up by two at once.
    rmSync(at("run/weights.safetensors"));
    const resume = () => main(["train", "--resume", "-o", "run"], terminal);
    write({ ...ours, host: "elsewhere" });
    expect(await resume()).toBe(1);
    expect(terminal.errors()).toContain("where it is gone for certain, remove `run/run.lock`");
    expect(existsSync(at("run/weights.safetensors"))).toBe(false);
    write({ ...ours, process: endedProcess(), start: null });
    expect(await resume()).toBe(0);
    expect(readFileSync(at("run/weights.safetensors")).equals(weights)).toBe(true);
    expect(existsSync(at("run/run.lock"))).toBe(false);
  });
});
