/** Trainings that are stopped from outside, through the program as it is built: what they end with is what an undisturbed one ends with, to the bit. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../runtime/random.ts";
import { netSpec, readMetrics, writeIdxFolder } from "./train-world.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const steps = 24;
let folder = "";

/** The whole program in a folder of its own, with a spec and images, and a run that nobody disturbs. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "repqc-train-"));
  execFileSync(process.execPath, [join(root, "build.mjs"), join(folder, "dist")]);
  mkdirSync(join(folder, "cli"));
  for (const name of ["cli/bin.js", "package.json"]) {
    copyFileSync(join(root, name), join(folder, name));
  }
  for (const name of ["node_modules", "specs"]) {
    symlinkSync(join(root, name), join(folder, name), "junction");
  }
  writeFileSync(join(folder, "net.repq"), netSpec);
  writeIdxFolder(join(folder, "images"), { train: 64, t10k: 12 });
  const { status, errors } = await start(begin("whole")).ended;
  expect(status, errors).toBe(0);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usual =
  "--entry Net --quant repq:quant/uniform#RepQ(4) --recipe Short(3) --data images --threads 1 --checkpoint-every 5 --log-every 1";
const begin = (run: string) => ["train", "net.repq", ...usual.split(" "), "-o", run];
const resume = (run: string) => ["train", "--resume", "-o", run];

function start(args: readonly string[]) {
  const child = spawn(process.execPath, ["cli/bin.js", ...args], { cwd: folder });
  let errors = "";
  child.stderr.on("data", (part) => (errors += String(part)));
  const ended = new Promise<{ status: number | null; signal: string | null; errors: string }>(
    (resolve) => child.on("close", (status, signal) => resolve({ status, signal, errors })),
  );
  return { child, ended };
}

/** Resolves when a run has written so many lines of metrics, or has ended. */
async function reaches(run: string, lines: number, child: ChildProcess): Promise<void> {
  const path = join(folder, run, "metrics.jsonl");
  while (child.exitCode === null) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (text.split("\n").length > lines) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function expectSameAsWhole(run: string): void {
  for (const name of ["weights.safetensors", "deployed.safetensors", "program.json"]) {
    const [found, wanted] = [run, "whole"].map((one) => readFileSync(join(folder, one, name)));
    expect(found!.equals(wanted!), name).toBe(true);
  }
  const lines = readMetrics(join(folder, run));
  expect(lines.length).toBe(steps + 3);
  expect(lines).toEqual(readMetrics(join(folder, "whole")));
}

describe("a training", () => {
  it("killed at random points and resumed ends on the same bits", async () => {
    const seed = Number(process.env.REPQC_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const random = Random.fromSeed(seed);
    let isKilled = false;
    for (let lines = 1 + random.below(10); lines < steps; lines += 6 + random.below(8)) {
      const isBegun = existsSync(join(folder, "killed/run.json"));
      const { child, ended } = start(isBegun ? resume("killed") : begin("killed"));
      await reaches("killed", lines, child);
      await new Promise((resolve) => setTimeout(resolve, random.below(20)));
      child.kill("SIGKILL");
      isKilled = (await ended).signal === "SIGKILL" || isKilled;
    }
    expect(isKilled, `REPQC_SEED=${seed}`).toBe(true);
    const isLocked = existsSync(join(folder, "killed/run.lock"));
    const { status, errors } = await start(resume("killed")).ended;
    expect(status, `REPQC_SEED=${seed}: ${errors}`).toBe(0);
    expect(errors.includes("which trained `killed` before, has ended")).toBe(isLocked);
    expect(existsSync(join(folder, "killed/run.lock"))).toBe(false);
    expectSameAsWhole("killed");
  });

  it("interrupted says how to go on; where files may not grow it says so, and loses nothing", async () => {
    const { child, ended } = start(begin("stopped"));
    await reaches("stopped", 5, child);
    child.kill("SIGINT");
    const { status, errors } = await ended;
    expect(status, errors).toBe(130);
    expect(errors).toMatch(/^Stopped after step \d+\. To go on: repqc train --resume -o stopped$/m);

    const before = readFileSync(join(folder, "stopped/checkpoints/last.json"), "utf8");
    // No file larger than 1 KiB: like a full disk, but for this process alone.
    const limited = `ulimit -f 2; exec "${process.execPath}" cli/bin.js ${resume("stopped").join(" ")}`;
    const full = spawnSync("sh", ["-c", limited], { cwd: folder, encoding: "utf8" });
    expect(full.stderr).toContain("cannot be written: the file would be larger than the system");
    expect(full.stderr).toContain("To go on: repqc train --resume -o stopped");
    expect(full.status).toBe(1);
    expect(readFileSync(join(folder, "stopped/checkpoints/last.json"), "utf8")).toBe(before);

    const last = await start(resume("stopped")).ended;
    expect(last.status, last.errors).toBe(0);
    expectSameAsWhole("stopped");
  });

  it("ends at once at the second interruption", async () => {
    const { child, ended } = start(begin("twice"));
    await reaches("twice", 3, child);
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect((await ended).status).toBe(130);
    expect(existsSync(join(folder, "twice/run.json"))).toBe(true);
  });

  it("sweeps up what a kill left half-written, and says where a checkpoint's record is lost", async () => {
    const { child, ended } = start(begin("lost"));
    await reaches("lost", 12, child);
    child.kill("SIGKILL");
    await ended;
    const left = ["weights.safetensors.0123456789ab.partial", "run.lock.ba9876543210.partial"];
    for (const name of left) writeFileSync(join(folder, "lost", name), "half");
    writeFileSync(join(folder, "lost/mine.partial"), "mine");
    rmSync(join(folder, "lost/checkpoints/last.json"));
    const { status, errors } = await start(resume("lost")).ended;
    expect(status, errors).toBe(0);
    expect(errors).toContain(
      "note: `lost/checkpoints/last.json` is not there, so the run begins anew",
    );
    for (const name of left) expect(existsSync(join(folder, "lost", name))).toBe(false);
    expect(existsSync(join(folder, "lost/mine.partial"))).toBe(true);
    expectSameAsWhole("lost");
  });
});
