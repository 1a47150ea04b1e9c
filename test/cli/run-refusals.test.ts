import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { randomTensor, save } from "./run-files.ts";
import { world } from "./run-world.ts";

describe("repqc run refuses", () => {
  it.each([
    [["--mode", "integer"], /config\/option-needs[^]*`--mode integer` needs `--quant POLICY`/],
    [["--mode", "eval", "--probe", "p.safetensors"], /`--probe` needs `--mode train`/],
    [["--mode", "merged", "--quant", "Branches"], /quant\/cannot-merge[^]*policy `Branches`/],
    [["--mode", "integer", "--quant", "Branches"], /quant\/cannot-merge/],
    [
      ["--mode", "integer", "--quant", "WeightsOnly"],
      /quant\/no-integer-form[^]*`Mine` at[^]*its input is not quantized[^]*mine\.repq:1:15\n1 │ block Mine => conv/,
    ],
    [["--mode", "eval", "--weights", "ww.safetensors"], /missing-file[^]*did you mean `w\.safe/],
    [["--mode", "eval", "--input", "absent.safetensors"], /artefact\/missing-file/],
    [["--mode", "eval", "--input", "mine.repq"], /artefact\/corrupt[^]*no safetensors file/],
    [["--mode", "eval", "-o", "mine.repq/y"], /artefact\/unwritable[^]*mine\.repq\/y/],
    [["--mode", "eval", "--quant", "W5"], /config\/unknown-policy/],
  ])("%j", async (options, message) => {
    const { run, terminal } = await world();
    expect(await run(...options)).toBe(1);
    expect(terminal.errors()).toMatch(message);
    expect(terminal.errors()).not.toContain("repqc has a bug");
    expect(existsSync(join(terminal.folder, "y.safetensors"))).toBe(false);
  });

  it("weights that are missing, unexpected, of another shape or not finite", async () => {
    const { run, terminal, weights } = await world();
    const changed = new Map(weights);
    changed.delete("dense.1.gamma");
    changed.set("dense.1.gama", weights.get("dense.1.gamma")!);
    changed.set("dense.1.beta", { shape: [3], data: new Float32Array(3) });
    changed.set("skip.1.beta", { shape: [2], data: Float32Array.of(0, Number.NaN) });
    save(terminal, "w.safetensors", changed);
    expect(await run("--mode", "eval")).toBe(1);
    const errors = terminal.errors();
    expect(errors).toMatch(/artefact\/missing-weight[^]*no weight `dense\.1\.gamma`/);
    expect(errors).toContain("did you mean `dense.1.gama`?");
    expect(errors).toMatch(/artefact\/unexpected-weight[^]*`dense\.1\.gama`[^]*Mine\(2\)/);
    expect(errors).toMatch(/artefact\/wrong-shape[^]*`dense\.1\.beta` is \[3\][^]*\[2\]/);
    expect(errors).toMatch(/artefact\/corrupt[^]*`skip\.1\.beta` holds NaN at position 1/);
  });

  it("a negative variance, and a step that is not positive", async () => {
    const { run, terminal, weights } = await world();
    const changed = new Map(weights);
    changed.set("dense.1.variance", { shape: [2], data: Float32Array.of(1, -0.5) });
    changed.set("input.step", { shape: [], data: Float32Array.of(0) });
    save(terminal, "w.safetensors", changed);
    expect(await run("--mode", "eval", "--quant", "W4A4")).toBe(1);
    const errors = terminal.errors();
    expect(errors).toMatch(
      /artefact\/corrupt[^]*`dense\.1\.variance` is a variance, but -0\.5 at 1/,
    );
    expect(errors).toMatch(/`input\.step` is a step, but 0 at 0 is not positive/);
  });

  it("steps without a policy, which it asks for", async () => {
    const { run, terminal, weights } = await world();
    const step = { shape: [], data: Float32Array.of(0.5) };
    save(terminal, "w.safetensors", new Map([...weights, ["input.step", step]]));
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(
      /unexpected-weight[^]*`input\.step`[^]*help: .*name the policy with `--quant POLICY`/,
    );
    const both = new Map([...weights, ["input.step", step], ["stranger", step]]);
    save(terminal, "w.safetensors", both);
    const before = terminal.errors().length;
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors().slice(before)).not.toContain("--quant POLICY");
  });

  it("many weights, of which it counts the last", async () => {
    const { run, terminal } = await world();
    const step = { shape: [], data: Float32Array.of(0.5) };
    save(terminal, "w.safetensors", new Map([["stranger", step]]));
    expect(await run("--mode", "eval", "--input-shape", "6,6,2")).toBe(1);
    const errors = terminal.errors();
    // Nine weights are missing (a kernel and two norms of four), and one is a stranger.
    expect(errors.match(/artefact\/missing-weight\]/g)).toHaveLength(8);
    expect(errors).toContain("and 2 more such problems with `w.safetensors`");
    expect(errors).not.toContain("was compiled for");
  });

  it("weights for another shape than the input's, shapes before strangers", async () => {
    const { run, terminal, weights } = await world();
    const kernel = { shape: [3, 3, 5, 2], data: new Float32Array(90) };
    const changed = new Map([["a.stranger", kernel], ...weights, ["dense.0.kernel", kernel]]);
    save(terminal, "w.safetensors", changed as typeof weights);
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(
      /^hint\[artefact\/compiled-for\]: `Mine\(2\)` was compiled for \[6, 6, 2\], the shape in `x\.safetensors`\n[^]*wrong-shape[^]*unexpected-weight/,
    );
  });

  it("to write results that are not finite", async () => {
    const { run, terminal, weights } = await world();
    const huge = { shape: [3, 3, 2, 2], data: new Float32Array(36).fill(3e38) };
    save(terminal, "w.safetensors", new Map([...weights, ["dense.0.kernel", huge]]));
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(
      /config\/not-finite[^]*`output` of the result holds (NaN|-?Infinity) at position \d+/,
    );
    expect(terminal.errors()).toMatch(/check the weights in `w\.saf.* and the input in `x\.saf/);
    expect(existsSync(join(terminal.folder, "y.safetensors"))).toBe(false);
  });

  it("to begin steps from numbers without bounds", async () => {
    const { run, terminal, weights } = await world();
    const huge = { shape: [3, 3, 2, 2], data: new Float32Array(36).fill(3e38) };
    const gamma = { shape: [2], data: Float32Array.of(3e38, 3e38) };
    save(
      terminal,
      "w.safetensors",
      new Map([...weights, ["dense.0.kernel", huge], ["dense.1.gamma", gamma]]),
    );
    expect(await run("--mode", "eval", "--quant", "W4A4")).toBe(1);
    expect(terminal.errors()).toMatch(
      /quant\/no-first-step[^]*step `kernel\.step` cannot begin from `x\.safetensors`/,
    );
  });

  it("a file that is cut off", async () => {
    const { run, terminal } = await world();
    const file = join(terminal.folder, "w.safetensors");
    writeFileSync(file, readFileSync(file).subarray(0, -8));
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(
      /artefact\/corrupt[^]*`w\.safetensors` is damaged: it is cut/,
    );
  });

  it.each([
    ["Net", [3, 6, 6, 5], /shape\/input[^]*\[batch, 6, 6, 2\][^]*\[3, 6, 6, 5\] in `x/],
    ["Net", [3, 7, 6, 2], /shape\/input[^]*--input-shape/],
    ["Net", [6, 6, 2], /shape\/input/],
    ["Net", [0, 6, 6, 2], /shape\/input/],
    ["Mine(2)", [3, 6, 6, 5], /shape\/channels[^]*yields 5 channels, but 2 are needed/],
    ["Mine(2)", [36, 2], /shape\/input[^]*\[batch, height, width, channels\], but \[36, 2\]/],
  ])("an input for %s of shape %j", async (entry, shape, message) => {
    const { run, terminal } = await world(entry);
    const input = randomTensor(Random.fromSeed(1), shape);
    save(terminal, "x.safetensors", new Map([["input", input]]));
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(message);
    expect(terminal.errors()).not.toContain("repqc has a bug");
  });

  it("a probe of another shape, an input with infinities, and a file with several tensors", async () => {
    const { run, terminal } = await world();
    const one = randomTensor(Random.fromSeed(1), [3, 5, 6, 2]);
    save(terminal, "p.safetensors", new Map([["probe", one]]));
    expect(await run("--mode", "train", "--probe", "p.safetensors")).toBe(1);
    expect(terminal.errors()).toMatch(/`probe` needs \[3, 6, 6, 2\], but \[3, 5, 6, 2\]/);
    save(terminal, "x.safetensors", new Map([["a", one], ["b", one]])); // prettier-ignore
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(/config\/missing-input[^]*which has only a, b/);
    const infinite = { shape: [1, 6, 6, 2], data: new Float32Array(72).fill(Infinity) };
    save(terminal, "x.safetensors", new Map([["a", infinite]]));
    expect(await run("--mode", "eval")).toBe(1);
    expect(terminal.errors()).toMatch(/artefact\/corrupt[^]*`input` holds Infinity at position 0/);
  });

  it.each([
    ["x.safetensors", "--input is the same file"],
    ["./w.safetensors", "--weights is the same file"],
    ["link.safetensors", "--probe is the same file"],
    ["mine.repq", "the spec is the same file"],
    ["taken", "it is a folder"],
    ["mine.repq/deep/y", "a part of the path is a file, not a folder"],
  ])("results in %s, before an engine is loaded", async (out, reason) => {
    const { run, terminal } = await world();
    mkdirSync(join(terminal.folder, "taken"));
    symlinkSync("p.safetensors", join(terminal.folder, "link.safetensors"));
    const before = readFileSync(join(terminal.folder, "x.safetensors"));
    expect(await run("--mode", "train", "--probe", "p.safetensors", "-o", out)).toBe(1);
    expect(terminal.errors()).toContain(
      `error[artefact/unwritable]: \`${out}\` cannot be written: ${reason}`,
    );
    expect(terminal.errors()).not.toContain("TensorFlow.js");
    expect(readFileSync(join(terminal.folder, "x.safetensors"))).toEqual(before);
  });

  it("an unknown backend, with 2, and tells where threads have no effect", async () => {
    const { run, terminal } = await world();
    // The usual options come first, and the last backend counts.
    expect(await run("--mode", "eval", "--backend", "wasn")).toBe(2);
    expect(terminal.errors()).toContain("Allowed choices are auto, wasm, cpu, tensorflow, webgpu");
    expect(await main(["demo", "--backend", "gpu"], terminal)).toBe(2);
    expect(terminal.errors()).not.toContain("--threads has no effect");
    expect(await run("--mode", "eval", "--threads", "2")).toBe(0);
    expect(terminal.errors()).toContain(
      "note: --threads has no effect on the cpu backend, which runs on 1 thread",
    );
  });

  it("an unknown backend in REPQC_BACKEND as one in --backend, which wins", async () => {
    const { run, terminal } = await world();
    const inEnvironment = async (name: string, ...args: readonly string[]) => {
      vi.stubEnv("REPQC_BACKEND", name);
      try {
        return await main(args, terminal);
      } finally {
        vi.unstubAllEnvs();
      }
    };
    expect(await inEnvironment("gpu", "demo")).toBe(2);
    expect(terminal.errors()).toMatch(
      /'gpu' from env 'REPQC_BACKEND' is invalid. Allowed choices are auto/,
    );
    vi.stubEnv("REPQC_BACKEND", "gpu");
    expect(await run("--mode", "eval")).toBe(0);
    vi.unstubAllEnvs();
    expect(await inEnvironment("", "doctor", "--help")).toBe(0);
  });

  it("wrong usage, with 2", async () => {
    const { run, terminal } = await world();
    expect(await run("--mode", "test")).toBe(2);
    expect(await run("--mode", "eval", "--threads", "many")).toBe(2);
    expect(await main(["run", "mine.repq"], terminal)).toBe(2);
    expect(await main(["run", "--help"], terminal)).toBe(0);
    expect(terminal.output()).toContain("grad.PATH");
  });
});
