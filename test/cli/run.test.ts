import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { load, randomTensor, randomWeights, save } from "./run-files.ts";

const spec = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch skip  = identity -> bn
}

model Net {
  input image: image[6, 6, 2]
  body = image -> Mine(2)
  output body -> global_avg -> dense(3)
}

model Open {
  input image: image[_, 6, 2]
  output image -> Mine(2)
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}

quant WeightsOnly {
  weights:     lsq(bits: 4, per: channel)
  activations: none
}

quant Branches {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          branches
}
`;

/** A folder with the spec, weights of `Mine(2)` or `Net` in floating point, an input and a probe. */
async function world(entry = "Mine(2)") {
  const terminal = fakeTerminal({ "mine.repq": spec });
  const random = Random.fromSeed(5);
  const shape = entry === "Mine(2)" ? ["--input-shape", "6,6,2"] : [];
  const weights = await randomWeights(terminal, "mine.repq", "--entry", entry, ...shape);
  save(terminal, "w.safetensors", weights);
  save(terminal, "x.safetensors", new Map([["input", randomTensor(random, [3, 6, 6, 2])]]));
  save(terminal, "p.safetensors", new Map([["anything", randomTensor(random, [3, 6, 6, 2])]]));
  const files = {
    "--backend": "cpu",
    "--weights": "w.safetensors",
    "--input": "x.safetensors",
    "-o": "y.safetensors",
  };
  const run = (...args: readonly string[]) => {
    const usual = Object.entries(files).filter(([name]) => !args.includes(name));
    const call = [
      "run",
      "mine.repq",
      "--entry",
      entry,
      "--backend",
      "cpu",
      ...usual.flat(),
      ...args,
    ];
    return main(call, terminal);
  };
  return { terminal, weights, run, output: (file = "y.safetensors") => load(terminal, file) };
}

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

describe("repqc run refuses", () => {
  it.each([
    [["--mode", "integer"], /config\/option-needs[^]*`--mode integer` needs `--quant POLICY`/],
    [["--mode", "eval", "--probe", "p.safetensors"], /`--probe` needs `--mode train`/],
    [["--mode", "merged", "--quant", "Branches"], /quant\/cannot-merge[^]*policy `Branches`/],
    [["--mode", "integer", "--quant", "Branches"], /quant\/cannot-merge/],
    [
      ["--mode", "integer", "--quant", "WeightsOnly"],
      /quant\/no-integer-form[^]*`conv` at[^]*its input is not quantized/,
    ],
    [["--mode", "eval", "--weights", "ww.safetensors"], /missing-file[^]*did you mean `w\.safe/],
    [["--mode", "eval", "--input", "absent.safetensors"], /artefact\/missing-file/],
    [["--mode", "eval", "--input", "mine.repq"], /artefact\/corrupt[^]*no safetensors file/],
    [["--mode", "eval", "-o", "mine.repq/y"], /artefact\/unwritable[^]*mine\.repq\/y/],
    [["--mode", "eval", "--backend", "wasn"], /config\/backend-missing[^]*Did you mean "wasm"/],
    [["--mode", "eval", "--backend", "tensorflow"], /config\/backend-missing[^]*install/],
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

  it("wrong usage, with 2", async () => {
    const { run, terminal } = await world();
    expect(await run("--mode", "test")).toBe(2);
    expect(await run("--mode", "eval", "--threads", "many")).toBe(2);
    expect(await main(["run", "mine.repq"], terminal)).toBe(2);
    expect(await main(["run", "--help"], terminal)).toBe(0);
    expect(terminal.output()).toContain("grad.PATH");
  });
});
