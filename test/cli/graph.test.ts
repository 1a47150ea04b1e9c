import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { elementsOf, parseXml } from "../draw/xml.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const mine = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
}

model Net(classes: int = 3) {
  input image: image[8, 8, 2]
  body = image -> Mine(4) -> Mine(4) * 4
  output body -> global_avg -> dense(classes)
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}
`;

async function call(...args: readonly string[]) {
  const terminal = fakeTerminal({ "mine.repq": mine });
  const code = await main(["graph", ...args], terminal);
  const textsIn = (svg: string) =>
    elementsOf(parseXml(svg), "text").map(({ children }) => children[0]);
  return {
    code,
    terminal,
    textsIn,
    read: (file: string) => readFileSync(join(terminal.folder, file), "utf8"),
  };
}

describe("repqc graph", () => {
  it("writes the only model's picture, and says so", async () => {
    const { code, terminal, read, textsIn } = await call("mine.repq", "-o", "out/net.svg");
    expect(terminal.errors()).toBe("");
    expect(code).toBe(0);
    expect(terminal.output()).toBe("wrote out/net.svg\n");
    expect(textsIn(read("out/net.svg"))).toEqual(expect.arrayContaining(["Net", "Network", "× 4"]));
  });

  it("takes a block with a shape and a policy, and writes to standard output", async () => {
    const entry = ["--entry", "Mine(6)", "--input-shape", "9,7,5", "--quant", "W4A4"];
    const { code, terminal, textsIn } = await call("mine.repq", ...entry, "-o", "-");
    expect(code).toBe(0);
    const said = textsIn(terminal.output());
    const expected = [
      "Mine(6)",
      "Branches",
      "Merged",
      "Quantizers",
      "9 × 7 × 5",
      "s4",
      "input.step",
    ];
    expect(said).toEqual(expect.arrayContaining(expected));
    expect(existsSync(join(terminal.folder, "-"))).toBe(false);
  });

  it("draws floating-point training as it is asked for", async () => {
    const merged = await call("mine.repq", "--form", "merged", "-o", "-");
    expect(merged.textsIn(merged.terminal.output())).toContain("batch statistics");
    const folded = await call("mine.repq", "-o", "-");
    expect(folded.textsIn(folded.terminal.output())).not.toContain("batch statistics");
  });

  it("writes the same bytes again", async () => {
    const [first, second] = [
      await call("mine.repq", "-o", "a.svg"),
      await call("mine.repq", "-o", "a.svg"),
    ];
    expect(first.read("a.svg")).toBe(second.read("a.svg"));
  });

  it.each([
    [
      ["mine.repq", "--entry", "Nett", "-o", "x.svg"],
      /config\/unknown-entry[^]*did you mean `Net`/,
    ],
    [["mine.repq", "--entry", "Mine(4)", "-o", "x.svg"], /config\/missing-shape/],
    [["mine.repq", "-o", "mine.repq"], /artefact\/unwritable[^]*the spec is the same file/],
    [["mine.repq", "-o", "mine.repq/x.svg"], /artefact\/unwritable[^]*mine\.repq\/x\.svg/],
  ])("refuses %j", async (args, message) => {
    const { code, terminal, read } = await call(...args);
    expect(code).toBe(1);
    expect(terminal.errors()).toMatch(message);
    expect(terminal.output()).toBe("");
    expect(read("mine.repq")).toBe(mine);
  });

  it("refuses a folder in the way", async () => {
    const terminal = fakeTerminal({ "mine.repq": mine });
    mkdirSync(join(terminal.folder, "pictures"));
    expect(await main(["graph", "mine.repq", "-o", "pictures"], terminal)).toBe(1);
    expect(terminal.errors()).toMatch(/artefact\/unwritable[^]*it is a folder/);
  });

  it("calls it wrong usage not to say where the picture goes", async () => {
    const { code, terminal } = await call("mine.repq");
    expect(code).toBe(2);
    expect(terminal.errors()).toContain("--out");
  });
});

it("the README shows what the command draws", async () => {
  const docs = new URL("../../docs/", import.meta.url);
  const terminal = fakeTerminal({
    "repvgg.repq": readFileSync(new URL("repvgg.repq", docs), "utf8"),
  });
  const entry = ["--entry", "RepVGG(64)", "--input-shape", "56,56,64", "--quant", "RepQ(4)"];
  expect(await main(["graph", "repvgg.repq", ...entry, "-o", "-"], terminal)).toBe(0);
  expect(terminal.output()).toBe(readFileSync(new URL("repvgg.svg", docs), "utf8"));
});
