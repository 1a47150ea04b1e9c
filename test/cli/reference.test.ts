import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { parseReference } from "../../cli/reference.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const files = {
  "nets/net.repq": `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
}
quant Own { weights: lsq(bits: 3) }
`,
  "policies/all.repq": `import { Mixed } from "./mixed.repq"
quant Five { weights: lsq(bits: 5) }
`,
  "policies/mixed.repq": "quant Mixed(bits: 2..8 = 6) { weights: lsq(bits: bits) }\n",
  "policies/broken.repq": "quant Six { weights: lsq(bits: six) }\nquant Open {\n",
};

async function print(quant: string) {
  const terminal = fakeTerminal(files);
  const entry = ["--entry", "Mine(2)", "--input-shape", "6,6,2", "--print", "train"];
  const code = await main(["compile", "nets/net.repq", ...entry, "--quant", quant], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

describe("--quant", () => {
  it.each([
    ["Own", 3],
    ["policies/all.repq#Five", 5],
    ["policies/all.repq#Mixed(7)", 7],
    ["policies/mixed.repq#Mixed", 6],
    ["repq:quant/uniform#RepQ(4)", 4],
  ])("finds %s", async (quant, bits) => {
    const { code, output, errors } = await print(quant);
    expect(code, errors).toBe(0);
    expect(output).toContain(`bits: ${bits}`);
  });

  it.each([
    ["Five", "there is no quantization policy `Five`"],
    ["policies/all.repq#Own", "there is no quantization policy `Own`"],
    ["policies/al.repq#Five", "there is no file `policies/al.repq`"],
    ["repq:quant/unifor#RepQ", "did you mean `repq:quant/uniform`?"],
    ["policies/broken.repq#Six", "policies/broken.repq:"],
    ["policies/all.repq#", "expected a name"],
  ])("refuses %s and says why", async (quant, text) => {
    const { code, output, errors } = await print(quant);
    expect(code).toBe(1);
    expect(output + errors).toContain(text);
  });

  it("lets the other spec import from below its own folder, and no further", async () => {
    const terminal = fakeTerminal(files);
    mkdirSync(join(terminal.folder, "below"));
    const far = join(terminal.folder, "below/far.repq");
    writeFileSync(far, 'import { Five } from "../policies/all.repq"\n');
    const entry = ["--entry", "Mine(2)", "--input-shape", "6,6,2", "--print", "train"];
    const call = ["compile", "nets/net.repq", ...entry, "--quant", "below/far.repq#Five"];
    expect(await main(call, terminal)).toBe(1);
    expect(terminal.errors()).toContain("../policies/all.repq");
  });
});

it("the last # parts spec and call", () => {
  expect(parseReference("a#b/c.repq#RepQ(4)")).toEqual({ file: "a#b/c.repq", call: "RepQ(4)" });
  expect(parseReference("RepQ(4)")).toEqual({ call: "RepQ(4)" });
  expect(parseReference("#RepQ")).toEqual({ call: "#RepQ" });
});
