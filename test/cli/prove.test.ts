import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { proveJson } from "../../cli/prove/prove-json.ts";
import { proveText } from "../../cli/prove/prove-text.ts";
import type { Proved } from "../../cli/prove/proved.ts";
import { proveIsland } from "../../compiler/prove/index.ts";
import { Random } from "../../runtime/random.ts";
import { blockOf, seed } from "../prove/prove-text-block.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { randomTensor, randomWeights, save } from "./run-files.ts";

const spec = `block Mine(stride: 1 | 2 = 1) => conv(3x3, stride: stride) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1)
  then relu
}

model Net {
  input image: image[8, 8, 3]
  body = image -> Mine(4, stride: 2) -> Mine(4) -> Mine(4)
  output body -> global_avg -> dense(3)
}

model Plain {
  input image: image[8, 8, 3]
  output image -> relu
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}
`;

function open() {
  const terminal = fakeTerminal({ "mine.repq": spec });
  const prove = (...args: readonly string[]) => main(["prove", "mine.repq", ...args], terminal);
  return { terminal, prove };
}

const net = ["--entry", "Net", "--seed", seed];

describe("repqc prove", () => {
  it("prints a certificate line for every block, and what it rests on", async () => {
    const { terminal, prove } = open();
    expect(await prove(...net)).toBe(0);
    expect(terminal.errors()).toBe("");
    const lines = terminal
      .output()
      .split("\n")
      .map((line) => line.replace(/  +/g, " | "));
    expect(lines).toEqual([
      "block | label | promise | degree | trials | bound | verdict",
      expect.stringMatching(/^─+$/),
      "body.0 | Mine | conv(3x3, stride: 2) 3 to 4 | 4 | 3 | 2^-65.9 | proved",
      "body.1 | Mine | conv(3x3) 4 to 4 | 4 | 3 | 2^-65.9 | proved",
      "body.2 | Mine | conv(3x3) 4 to 4 | 4 | 3 | 2^-65.9 | proved, as body.1",
      "output.1 | dense | conv(1x1) 4 to 3 | 2 | 3 | 2^-68.9 | proved",
      "",
      "nothing to prove: relu x3, global_avg",
      "4 of 4 blocks proved, 3 by trials and 1 by the same structure; bound (degree / p)^trials by Schwartz-Zippel, primes p just below 2^24",
      `seed ${seed}`,
      "",
    ]);
  });

  it("prints the same as data", async () => {
    const { terminal, prove } = open();
    expect(await prove(...net, "--format", "json")).toBe(0);
    const data = JSON.parse(terminal.output());
    expect(data).toMatchObject({
      format: "repqc-proof",
      version: 1,
      entry: "Net",
      proved: true,
      seed,
      primes: [16777213, 16777199, 16777183],
      targetExponent: -60,
      barriers: [
        { op: "relu", path: "body.0.then.0" },
        { op: "relu", path: "body.1.then.0" },
        { op: "relu", path: "body.2.then.0" },
        { op: "global_avg", path: "output.0" },
      ],
    });
    expect(data.blocks[2]).toEqual({
      path: "body.2",
      label: "Mine",
      promise: { size: [3, 3], dilation: 1, stride: 1, groups: 1, pads: [1, 1, 1, 1] },
      in: 4,
      out: 4,
      map: [3, 3],
      degree: 4,
      trials: 3,
      verdict: "proved",
      boundExponent: expect.closeTo(-66, 4),
      sameAs: "body.1",
    });
  });

  it("draws a seed of its own, and repeats a proof from the seed that was printed", async () => {
    const { terminal, prove } = open();
    const one = ["--entry", "Mine(2)", "--input-shape", "6,6,2"];
    expect(await prove(...one)).toBe(0);
    const first = terminal.output();
    const [, drawn = ""] = /seed ([0-9a-f]{32})\n/.exec(first) ?? [];
    expect(first).toMatch(/^Mine +Mine +conv\(3x3\) 2 to 2 /m);
    expect(await prove(...one, "--seed", drawn)).toBe(0);
    expect(terminal.output()).toBe(first + first);
    expect(await prove(...one)).toBe(0);
    expect(terminal.output().slice(2 * first.length)).not.toContain(drawn);
  });

  it("says where there is nothing to prove", async () => {
    const { terminal, prove } = open();
    expect(await prove("--entry", "Plain")).toBe(0);
    expect(terminal.output()).toBe(
      "Plain has no block that merges: there is nothing to prove\n\nnothing to prove: relu\n",
    );
  });

  it("refuses what it cannot compile, and a seed that is none", async () => {
    const { terminal, prove } = open();
    expect(await prove("--entry", "Nett")).toBe(1);
    expect(terminal.errors()).toMatch(/config\/unknown-entry[^]*did you mean `Net`/);
    expect(await prove(...net.slice(0, 2), "--seed", "12")).toBe(2);
    expect(terminal.errors()).toContain("32 hexadecimal digits");
    expect(terminal.output()).toBe("");
  });
});

describe("repqc prove --weights", () => {
  const against = [...net, "--backend", "cpu", "--weights", "w.safetensors"];

  it("compares the float32 merge of every block with the exact one", async () => {
    const { terminal, prove } = open();
    save(terminal, "w.safetensors", await randomWeights(terminal, "mine.repq", "--entry", "Net"));
    expect(await prove(...against, "--format", "json")).toBe(0);
    const { blocks } = JSON.parse(terminal.output());
    expect(terminal.errors()).toMatch(/cpu/);
    for (const { merge } of blocks) {
      expect(merge.ofValue.ulps).toBeGreaterThanOrEqual(merge.ofTerms.ulps);
      expect(merge.ofTerms.ulps).toBeLessThan(8);
      expect(merge.nearest).toBeLessThanOrEqual(merge.numbers);
      expect(merge.ofValue.at.index).toHaveLength(merge.ofValue.at.tensor === "kernel" ? 4 : 1);
    }
    // Nothing is added or multiplied where a convolution stands alone.
    expect(blocks[3].merge).toMatchObject({ numbers: 15, nearest: 15, ofValue: { ulps: 0 } });
    expect(blocks[0].merge.ofValue.ulps).toBeGreaterThan(0);
  });

  it("adds columns to the table, and takes a checkpoint of quantized training", async () => {
    const { terminal, prove } = open();
    const args = ["mine.repq", "--entry", "Net", "--quant", "W4A4"];
    const weights = new Map(await randomWeights(terminal, args[0]!, ...args.slice(1)));
    weights.set("body.0.input.step", randomTensor(Random.fromSeed(1), []));
    save(terminal, "w.safetensors", weights);
    expect(await prove(...against)).toBe(0);
    const [header = "", , first = ""] = terminal.output().split("\n");
    expect(header).toMatch(/verdict +error +of terms +worst$/);
    expect(first).toMatch(/proved +\S+ ulp +\S+ ulp +(kernel|bias) \[[\d, ]+\]$/);
    expect(terminal.output()).toMatch(
      /\d of [\d,]+ numbers are the float32 numbers nearest to the exact ones\n$/,
    );
  });

  it("refuses weights of something else, and numbers out of range", async () => {
    const { terminal, prove } = open();
    const weights = new Map(await randomWeights(terminal, "mine.repq", "--entry", "Net"));
    const huge = new Map(weights);
    for (const path of ["body.1.dense.0.kernel", "body.1.dense.1.gamma"]) {
      const { shape, data } = weights.get(path)!;
      huge.set(path, { shape, data: data.map(() => 1e30) });
    }
    save(terminal, "w.safetensors", huge);
    expect(await prove(...against)).toBe(1);
    expect(terminal.errors()).toMatch(
      /config\/not-finite[^]*`body\.1\.kernel`[^]*Infinity[^]*w\.safetensors/,
    );
    save(terminal, "w.safetensors", new Map([...weights].slice(1)));
    expect(await prove(...against)).toBe(1);
    expect(terminal.errors()).toContain("artefact/missing-weight");
    expect(await prove(...net, "--weights", "nowhere.safetensors")).toBe(1);
    expect(terminal.errors()).toContain("nowhere.safetensors");
    expect(terminal.output()).toBe("");
  });
});

describe("a certificate of a refuted block", () => {
  const block = blockOf(["conv(1x1, bias: true) -> conv(3x3)", "conv(3x3)"]);
  const rule: typeof block.rule = (algebra, read) =>
    block.rule(
      {
        ...algebra,
        carry: (v, kernel, groups) => algebra.negate(algebra.carry(v, kernel, groups)),
      },
      read,
    );
  const proof = proveIsland({ ...block, rule }, seed);
  const { island } = block;
  const proved: Proved = {
    entry: "Sample(4)",
    result: { seed, certificates: [{ island, proof }], barriers: [], isProved: false },
  };

  it("says where the forms differ, and whose mistake that is", () => {
    const text = proveText(proved);
    expect(text).toMatch(/Sample +Sample +conv\(3x3\) 4 to 4 +3 +1 +REFUTED/);
    expect(text).toContain(
      "Sample: its branches and its merged convolution differ at row 0, column 0, channel 0, where padding is seen (trial 1).",
    );
    expect(text).toContain("a bug of repqc, not of the spec");
    expect(text).toContain("0 of 1 block proved;");
  });

  it("says it to machines", () => {
    const data = JSON.parse(proveJson(proved));
    expect(data).toMatchObject({ proved: false, blocks: [{ verdict: "refuted" }] });
    expect(data.blocks[0].refutation).toMatchObject({ at: [0, 0, 0], isAtBorder: true, trial: 1 });
    expect(data.blocks[0]).not.toHaveProperty("boundExponent");
  });
});
