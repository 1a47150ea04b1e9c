import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const files = {
  "mine.repq": `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  then prelu
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}
`,
};

async function call(...args: readonly string[]) {
  const terminal = fakeTerminal(files);
  const code = await main(["weights", "mine.repq", ...args], terminal);
  return { code, terminal };
}

const block = ["--entry", "Mine(4)", "--input-shape", "8x8x2"];

describe("repqc weights", () => {
  it("lists paths, shapes, roles and how they begin", async () => {
    const { code, terminal } = await call(...block, "--quant", "W4A4");
    expect(terminal.errors()).toBe("");
    expect(code).toBe(0);
    const lines = terminal
      .output()
      .split("\n")
      .map((line) => line.replace(/  +/g, " | "));
    expect(lines).toEqual([
      "weight | shape | role | begins",
      expect.stringMatching(/^─+$/),
      "dense.0.kernel | [3, 3, 2, 4] | kernel | uniform in ±0.2357",
      "dense.1.gamma | [4] | scale | at 1",
      "dense.1.beta | [4] | bias | at 0",
      "dense.1.mean | [4] | statistic | at 0",
      "dense.1.variance | [4] | statistic | at 1",
      "then.0.alpha | [4] | scale | at 0.25",
      "input.step | [] | step | from the first batch",
      "kernel.step | [4] | step | from the merged kernel",
      "",
      "89 trained parameters, of them 5 steps, 8 running statistics, 85 parameters deployed",
      "",
    ]);
  });

  it("prints the same as data", async () => {
    const { code, terminal } = await call(...block, "--format", "json");
    expect(code).toBe(0);
    const data = JSON.parse(terminal.output());
    expect(data).toMatchObject({
      entry: "Mine(4)",
      input: { name: "x", shape: [8, 8, 2] },
      parameters: { trained: 84, steps: 0, statistics: 8, deployed: 80 },
    });
    expect(data.weights[0]).toMatchObject({ path: "dense.0.kernel", shape: [3, 3, 2, 4] });
    expect(data.deployed[0]).toEqual({ path: "kernel", shape: [3, 3, 2, 4], role: "kernel" });
    expect(data).not.toHaveProperty("policy");
  });

  it("refuses what it cannot compile", async () => {
    const { code, terminal } = await call("--entry", "Min(4)");
    expect(code).toBe(1);
    expect(terminal.errors()).toMatch(/config\/unknown-entry[^]*did you mean `Mine`/);
    expect(terminal.output()).toBe("");
  });
});
