import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";

const mine = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch skip  = identity    when in == out
}

model Net(classes: int = 3) {
  input image: image[8, 8, 2]
  body = image -> Mine(4) -> Mine(4)
  output body -> global_avg -> dense(classes)
}
`;

async function call(...args: readonly string[]) {
  const terminal = fakeTerminal({
    "mine.repq": mine,
    "blocks.repq": mine.slice(0, mine.indexOf("model")),
  });
  const code = await main(["explain-merge", ...args], terminal);
  return { code, output: terminal.output(), errors: terminal.errors() };
}

describe("repqc explain-merge", () => {
  it("explains a block by its name alone, with as many inputs as outputs", async () => {
    const { code, output, errors } = await call("blocks.repq", "--entry", "Mine");
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect(output).toMatch(
      /^Mine => conv\(3x3\)\n\n {2}K = a_dense ⊙ W_dense \+ pad\(I\)\n {2}b = c_dense\n/,
    );
  });

  it.each([
    [["Mine(4)"], "a_dense ⊙ W_dense + pad(I)\n"],
    [["Mine(out: 4)"], "a_dense ⊙ W_dense + pad(I)\n"],
    [["Mine(4)", "--input-shape", "8,8,2"], "a_dense ⊙ W_dense\n"],
  ])("takes %j", async (options, kernel) => {
    const { code, output } = await call("blocks.repq", "--entry", ...options);
    expect(code).toBe(0);
    expect(output).toContain(`  K = ${kernel}`);
  });

  it("explains the only model, each structure once", async () => {
    const { output } = await call("mine.repq");
    expect(output.match(/^\S.* => .*$/gm)).toEqual([
      "Mine => conv(3x3), at body.0",
      "Mine => conv(3x3), at body.1",
      "dense => conv(1x1), at output.1",
    ]);
  });

  it("knows the standard library", async () => {
    const { code, output } = await call("repq:blocks/ecb", "--entry", "ECB");
    expect(code).toBe(0);
    expect(output).toContain("K = W_dense + W_deep₁ ∗ W_deep₂ + ");
  });

  it("prints LaTeX", async () => {
    const { output } = await call("mine.repq", "--format", "latex");
    expect(output).toContain("  K &= a_{\\mathrm{dense}} \\odot W_{\\mathrm{dense}} \\\\\n");
    expect(output.match(/\\begin\{aligned\}/g)).toHaveLength(4);
    expect(output.match(/\\end\{aligned\}/g)).toHaveLength(4);
  });

  it.each([
    [["mine.repq", "--entry", "Mina"], /config\/unknown-entry[^]*did you mean `Mine`/],
    [["blocks.repq"], /config\/no-entry/],
    [["blocks.repq", "--entry", "Mine(width: 4)"], /name\/unknown-parameter/],
    [["absent.repq"], /artefact\/missing-file/],
    [["blocks.repq", "--entry", "Mine(4)", "--input-shape", "8,8"], /config\/unknown-option-value/],
  ])("refuses %j", async (args, message) => {
    const { code, output, errors } = await call(...args);
    expect(code).toBe(1);
    expect(errors).toMatch(message);
    expect(output).toBe("");
  });

  it("calls an unknown format wrong usage", async () => {
    expect((await call("mine.repq", "--format", "html")).code).toBe(2);
  });
});
