/** `repqc doctor` where no optional engine is installed, where one computes wrongly, and where one ends its process. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { doctor } from "../../cli/commands/doctor.ts";
import { runChecks } from "../../cli/doctor/checks.ts";
import type { Findings } from "../../cli/doctor/doctor-report.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const optional = /^(webgpu|tfjs-backend-webgpu|tfjs-node|tfjs-node-gpu)$/;

/** The package as npm leaves it where every optional dependency failed. */
function installWithoutOptional(folder: string): void {
  const link = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      if (optional.test(name)) continue;
      if (name === "@tensorflow") link(join(from, name), join(to, name));
      else symlinkSync(join(from, name), join(to, name), "junction");
    }
  };
  link(join(root, "node_modules"), join(folder, "node_modules"));
  for (const name of ["cli", "specs", "package.json"]) {
    symlinkSync(join(root, name), join(folder, name));
  }
  execFileSync(process.execPath, [join(root, "build.mjs"), join(folder, "dist")]);
}

describe("repqc doctor", () => {
  it("tells the truth where no optional engine is there", { timeout: 180_000 }, () => {
    const { folder } = fakeTerminal();
    installWithoutOptional(folder);
    const load = `import(${JSON.stringify(pathToFileURL(join(folder, "dist/cli.js")).href)})`;
    const run = (...args: readonly string[]) =>
      spawnSync(
        process.execPath,
        ["--eval", `${load}.then((cli) => cli.start())`, "repqc", "doctor", ...args],
        { cwd: folder, encoding: "utf8", env: { ...process.env, REPQC_BACKEND: "" } },
      );
    const { status, stdout } = run("--json");
    expect(status).toBe(0);
    const { machine, companions, engines, auto } = JSON.parse(stdout) as Findings;
    expect(machine.node).toBe(process.versions.node);
    expect(companions.map(({ name }) => name)).toEqual(["onnxruntime-node", "sharp"]);
    for (const { version } of companions) expect(version).toMatch(/^\d+\.\d+/);
    expect(engines.map(({ name, state }) => [name, state])).toEqual([
      ["wasm", "right"],
      ["cpu", "right"],
      ["tensorflow", "absent"],
      ["webgpu", "absent"],
    ]);
    for (const engine of engines) {
      if (engine.state !== "absent") continue;
      expect(engine.reason).toMatch(/is not installed$/);
      expect(engine.remedies.join(" ")).toContain("npm install @tensorflow/tfjs-");
    }
    expect(auto).toMatch(/^wasm \(chosen by auto: no tensorflow, .* is not installed; no webgpu, /);
    const text = run("--backend", "wasm").stdout;
    expect(text).toMatch(/^wasm +computes right +CPU +\d+ ms, batch \d+/m);
    expect(text).toMatch(/RepQ block, gradients: ok, error \d/);
    expect(text).not.toContain("tensorflow");
  });

  it("ends with 1 where an engine takes its process with it", async () => {
    const terminal = fakeTerminal({ "crash.mjs": 'process.kill(process.pid, "SIGSEGV");\n' });
    const program = pathToFileURL(join(terminal.folder, "crash.mjs"));
    expect(await doctor({ backend: "wasm" }, { terminal }, program)).toBe(1);
    expect(terminal.output()).toMatch(/^wasm +BROKEN$/m);
    expect(terminal.output()).toContain("wasm: it ended its process (signal SIGSEGV)");
  });

  it("ends with 1 where an engine computes wrongly", async () => {
    const checks = [{ name: "LSQ and its gradients", error: 0.5, allowed: 2e-5 }];
    const memory = { process: 2 ** 27 };
    const step = { milliseconds: 10, images: 32, imagesPerSecond: 3200 };
    const found = {
      name: "wasm",
      state: "wrong",
      engine: "wasm: an engine",
      device: "gpu",
      threads: 1,
    };
    const report = JSON.stringify({ ...found, checks, step, memory });
    const terminal = fakeTerminal({
      "wrong.mjs": `process.send(${report}, () => process.exit(0));\n`,
    });
    const program = pathToFileURL(join(terminal.folder, "wrong.mjs"));
    expect(await doctor({ backend: "wasm" }, { terminal }, program)).toBe(1);
    expect(terminal.output()).toMatch(
      /^wasm +COMPUTES WRONGLY +GPU +10 ms, batch 32 +3200 +- +128$/m,
    );
    expect(terminal.output()).toContain(
      "LSQ and its gradients: WRONG, error 5.0e-1 (at most 2e-5)",
    );
  });
});

describe("the checks of an engine", () => {
  it("are passed by cpu, and not by one that rounds down", async () => {
    const { tolerance } = await openBackend("cpu");
    const before = tf.memory().numTensors;
    const failed = async () =>
      (await runChecks(tolerance))
        .filter(({ error, allowed }) => !(error <= allowed))
        .map(({ name }) => name);
    expect(await failed()).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
    const [round, floor] = ["Round", "Floor"].map((name) => tf.getKernel(name, "cpu"));
    tf.unregisterKernel("Round", "cpu");
    tf.registerKernel({ ...floor!, kernelName: "Round", backendName: "cpu" });
    try {
      expect(await failed()).toEqual([
        "LSQ and its gradients",
        "RepQ block, output",
        "RepQ block, gradients",
      ]);
    } finally {
      tf.unregisterKernel("Round", "cpu");
      tf.registerKernel(round!);
    }
  });
});
