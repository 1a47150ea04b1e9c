import { describe, expect, it } from "vitest";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { load, randomTensor, save } from "./run-files.ts";
import { world } from "./run-world.ts";

function largestDifference(a: HostTensor, b: HostTensor): number {
  expect(a.shape).toEqual(b.shape);
  return Math.max(...a.data.map((value, n) => Math.abs(value - b.data[n]!)));
}

describe("repqc run", () => {
  it("runs a block whose input gives the shape, trained or merged, alike", async () => {
    const { run, output, terminal } = await world();
    expect(await run("--mode", "eval")).toBe(0);
    const evaluated = output();
    expect([...evaluated.keys()]).toEqual(["output"]);
    expect(await run("--mode", "merged")).toBe(0);
    const merged = output();
    expect([...merged.keys()]).toEqual(["output", "merged.kernel", "merged.bias"]);
    expect(merged.get("merged.kernel")!.shape).toEqual([3, 3, 2, 2]);
    expect(largestDifference(evaluated.get("output")!, merged.get("output")!)).toBeLessThan(1e-5);
    expect(terminal.output()).toContain(
      "wrote y.safetensors: output, merged.kernel, merged.bias\n",
    );
    expect(terminal.errors()).toContain("cpu: TensorFlow.js");
  });

  it("writes the statistics that a training step leaves", async () => {
    const { run, output, weights } = await world();
    expect(await run("--mode", "train")).toBe(0);
    const trained = output();
    const statistics = ["dense.1", "skip.1"].flatMap((path) => [
      `${path}.mean`,
      `${path}.variance`,
    ]);
    expect([...trained.keys()]).toEqual(["output", ...statistics.map((path) => `after.${path}`)]);
    const x = load((await world()).terminal, "x.safetensors").get("input")!;
    const ofChannel = x.data.filter((_, n) => n % 2 === 1);
    const mean = ofChannel.reduce((a, b) => a + b, 0) / ofChannel.length;
    const before = weights.get("skip.1.mean")!.data[1]!;
    expect(trained.get("after.skip.1.mean")!.data[1]).toBeCloseTo(0.9 * before + 0.1 * mean, 5);
  });

  it("writes gradients of sum(output * probe) by every weight and the input", async () => {
    const { run, output, weights, terminal } = await world();
    expect(await run("--mode", "train", "--probe", "p.safetensors")).toBe(0);
    const trained = output();
    const learned = [...weights.keys()].filter((path) => !/mean|variance/.test(path));
    const gradients = [...trained.keys()].filter((name) => name.startsWith("grad."));
    expect(gradients).toEqual([...learned.map((path) => `grad.${path}`), "grad.input"]);
    // The output is linear in beta, each number of a channel once.
    const probe = load(terminal, "p.safetensors").get("anything")!;
    const perChannel = [0, 1].map((c) =>
      probe.data.filter((_, n) => n % 2 === c).reduce((a, b) => a + b, 0),
    );
    const gradient = trained.get("grad.dense.1.beta")!;
    perChannel.forEach((sum, c) => expect(gradient.data[c]).toBeCloseTo(sum, 4));
    expect(trained.get("grad.input")!.shape).toEqual([3, 6, 6, 2]);
  });

  it("begins steps that are missing from this input, says so, and gives integers' very numbers", async () => {
    const { run, output, terminal } = await world();
    expect(await run("--mode", "eval", "--quant", "W4A4")).toBe(0);
    expect(terminal.errors()).toContain(
      "these steps are not in w.safetensors and begin from this input: input.step, kernel.step\n",
    );
    for (const backend of ["cpu", "wasm"]) {
      const outputs: unknown[] = [];
      for (const mode of ["eval", "merged", "integer"]) {
        const options = ["--mode", mode, "--quant", "W4A4", "--backend", backend];
        expect(await run(...options)).toBe(0);
        outputs.push(output().get("output"));
      }
      expect(outputs[1]).toEqual(outputs[0]);
      expect(outputs[2]).toEqual(outputs[0]);
    }
    expect(terminal.errors()).toMatch(
      /integers: 216 sums, the largest \d+, 0 beyond 2\^24, 0 overflowed 32 bits, \d+ rounding ties in \d of 3 examples\n/,
    );
  });

  it("takes given steps as they are", async () => {
    const { run, output, terminal, weights } = await world();
    const data = Float32Array.of(0.25, 0.5);
    const steps = new Map([
      ["input.step", { shape: [], data: Float32Array.of(0.125) }],
      ["kernel.step", { shape: [2], data }],
    ]);
    save(terminal, "q.safetensors", new Map([...weights, ...steps]));
    const options = ["--mode", "merged", "--quant", "W4A4", "--weights", "q.safetensors"];
    expect(await run(...options)).toBe(0);
    expect(terminal.errors()).not.toContain("begin from this input");
    expect(output().get("merged.kernel.step")!.data).toEqual(data);
  });

  it("runs a whole model, and one whose height the spec leaves open", async () => {
    const { run, output } = await world("Net");
    expect(await run("--mode", "eval")).toBe(0);
    expect(output().get("output")!.shape).toEqual([3, 3]);
    const open = await world("Open");
    const input = randomTensor(Random.fromSeed(1), [1, 9, 6, 2]);
    save(open.terminal, "x.safetensors", new Map([["input", input]]));
    expect(await open.run("--mode", "merged")).toBe(0);
    expect(open.output().get("output")!.shape).toEqual([1, 9, 6, 2]);
  });

  it("trains in every form alike", async () => {
    const { run, output } = await world();
    const outputs: HostTensor[] = [];
    for (const form of ["branches", "folded", "merged"]) {
      expect(await run("--mode", "train", "--form", form)).toBe(0);
      outputs.push(output().get("output")!);
    }
    expect(largestDifference(outputs[0]!, outputs[1]!)).toBeLessThan(1e-5);
    expect(largestDifference(outputs[0]!, outputs[2]!)).toBeLessThan(1e-5);
  });
});
