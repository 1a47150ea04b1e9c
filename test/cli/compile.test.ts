import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { loadProgram } from "../../runtime/load.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const mine = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
}

model Net(classes: int = 3) {
  input image: image[8, 8, 2]
  body = image -> Mine(4)
  output body -> global_avg -> dense(classes)
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}
`;
const files = {
  "mine.repq": mine,
  "two.repq": `${mine}\n${mine
    .replace("model Net", "model Other")
    .replace(/block[^]*?\n}\n/, "")
    .replace(/quant[^]*$/, "")}`,
  "blocks.repq": mine.slice(0, mine.indexOf("model")),
};

async function call(...args: readonly string[]) {
  const terminal = fakeTerminal(files);
  const code = await main(["compile", ...args], terminal);
  return {
    code,
    terminal,
    read: (file: string) => readFileSync(join(terminal.folder, file), "utf8"),
  };
}

describe("repqc compile", () => {
  it("writes the only model's JSON and module, and says so", async () => {
    const { code, terminal, read } = await call("mine.repq", "-o", "out/deep");
    expect(terminal.errors()).toBe("");
    expect(code).toBe(0);
    expect(terminal.output()).toBe(
      `wrote out/deep/Net.json: the program, for repqc
wrote out/deep/Net.ts: the same as a module for @tensorflow/tfjs

           multiply-accumulates   parameters   weights
──────────────────────────────────────────────────────
branches                 5.64 k          111     508 B
merged                   4.62 k           91     364 B
deployed                 4.62 k           91     364 B
`,
    );
    expect(loadProgram(read("out/deep/Net.json"), "Net.json")).toMatchObject({
      entry: "Net",
      source: "mine.repq",
    });
    expect(read("out/deep/Net.ts")).toContain("Made by `repqc compile mine.repq --entry Net`");
  });

  it("takes an entry with arguments, a policy, a shape and a form", async () => {
    const options = ["--entry", "Net(5)", "--quant", "W4A4", "--input-shape", "6,7,2"];
    const { code, read } = await call("mine.repq", ...options, "--form", "merged");
    expect(code).toBe(0);
    const program = loadProgram(read("Net.json"), "Net.json");
    expect(program).toMatchObject({ entry: "Net(5)", policy: "W4A4", output: { shape: [5] } });
    expect(program.input.shape).toEqual([6, 7, 2]);
    expect(read("Net.ts")).toContain(
      '`repqc compile mine.repq --entry "Net(5)" --quant W4A4 --input-shape 6,7,2 --form merged`',
    );
  });

  it.each([
    ["ir", /^Net\n0: map 8x8x2 = input image\n1: map 8x8x4 = Mine body.0 of 0 => conv\(3x3/],
    ["train", /batch_norm [^]*output output = %\d+\n$/],
    ["merge", /scale_out [^]*output body\.0\.kernel = %\d+\n/],
    [
      "cost",
      /^Net +multiply-accumulates +parameters +weights\n[^]*\nbody\.0 Mine +5\.63 k +4\.61 k [^]*\ntotal +5\.64 k /,
    ],
    ["deploy", /conv %0 %1 %2[^]*output output = %\d+\n$/],
  ])("prints %s instead of writing", async (what, text) => {
    const { code, terminal } = await call("mine.repq", "--print", what);
    expect(code).toBe(0);
    expect(terminal.output()).toMatch(text);
    expect(existsSync(join(terminal.folder, "Net.json"))).toBe(false);
  });

  it.each([
    [["mine.repq", "--entry", "Nett"], /config\/unknown-entry.*\n[^]*did you mean `Net`/],
    [["two.repq"], /config\/several-entries[^]*`Net`, `Other`[^]*--entry NAME/],
    [["blocks.repq"], /config\/no-entry[^]*name a block with `--entry NAME`/],
    [
      ["blocks.repq", "--entry", "Mine(4)"],
      /config\/missing-shape[^]*block `Mine\(4\)` needs the shape of its input[^]*`--input-shape 32,32,16`/,
    ],
    [["mine.repq", "--quant", "W4A5"], /config\/unknown-policy[^]*did you mean `W4A4`/],
    [["mine.repq", "--input-shape", "8,8"], /config\/unknown-option-value[^]*32,32,16/],
    [["mine.repq", "--input-shape", "8,8,3"], /shape\/input[^]*\[8, 8, 2\][^]*\[8, 8, 3\]/],
    [["mine.repq", "--entry", "Net(,)"], /syntax\//],
    [["absent.repq"], /artefact\/missing-file/],
  ])("refuses %j", async (args, message) => {
    const { code, terminal } = await call(...args);
    expect(code).toBe(1);
    expect(terminal.errors()).toMatch(message);
    expect(terminal.output()).toBe("");
  });

  it.each([["--form", "fold"], ["--print", "all"], ["--banana"]])(
    "calls %j wrong usage",
    async (...option) => {
      const { code, terminal } = await call("mine.repq", ...option);
      expect(code).toBe(2);
      expect(terminal.errors()).toContain("see --help");
    },
  );

  it("says why a folder cannot be written, and leaves nothing", async () => {
    const { code, terminal } = await call("mine.repq", "-o", "mine.repq/out");
    expect(code).toBe(1);
    expect(terminal.errors()).toMatch(/artefact\/unwritable[^]*mine\.repq\/out\/Net\.json/);
  });

  it("leaves both files as they were where one cannot be written", async () => {
    const terminal = fakeTerminal({ ...files, "out/Net.json": "before" });
    mkdirSync(join(terminal.folder, "out", "Net.ts"));
    expect(await main(["compile", "mine.repq", "-o", "out"], terminal)).toBe(1);
    expect(terminal.errors()).toMatch(/artefact\/unwritable[^]*Net\.ts[^]*it is a folder/);
    expect(readFileSync(join(terminal.folder, "out", "Net.json"), "utf8")).toBe("before");
  });

  it("removes the one that it wrote where the other cannot be written", async () => {
    const terminal = fakeTerminal(files);
    mkdirSync(join(terminal.folder, "out", "Net.ts"), { recursive: true });
    expect(await main(["compile", "mine.repq", "-o", "out"], terminal)).toBe(1);
    expect(existsSync(join(terminal.folder, "out", "Net.json"))).toBe(false);
  });

  it("writes the same bytes again", async () => {
    const first = await call("mine.repq", "--quant", "W4A4");
    const second = await call("mine.repq", "--quant", "W4A4");
    expect(first.read("Net.json")).toBe(second.read("Net.json"));
    expect(first.read("Net.ts")).toBe(second.read("Net.ts"));
  });

  it("explains its options", async () => {
    const { code, terminal } = await call("--help");
    expect(code).toBe(0);
    for (const option of ["--entry", "--quant", "--input-shape", "--form", "--out", "--print"]) {
      expect(terminal.output()).toContain(option);
    }
  });
});
