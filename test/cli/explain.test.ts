import { describe, expect, it } from "vitest";
import { catalog } from "../../compiler/diagnostics/index.ts";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";

describe("repqc explain", () => {
  it("prints a section as text", async () => {
    const terminal = fakeTerminal();
    expect(await main(["explain", "merge/several-then"], terminal)).toBe(0);
    expect(`\n${terminal.output()}`).toBe(`
error[merge/several-then]: block \`<block>\` has more than one \`then\`

What follows the sum is one chain. Two of them would leave open which comes
first.

What to do: join them: \`then a -> b\`

This is reported:

  block Mine => conv(3x3) {
    branch dense = conv(3x3)
    then bn
    then relu
  }

This is fine:

  block Mine => conv(3x3) {
    branch dense = conv(3x3)
    then bn -> relu
  }
`);
  });

  it("takes a code as it was copied from a message", async () => {
    const terminal = fakeTerminal();
    expect(await main(["explain", "error[merge/parity]:"], terminal)).toBe(0);
    expect(terminal.output()).toContain("cannot be centred");
  });

  it.each(Object.keys(catalog))("keeps %s within a screen", async (code) => {
    const terminal = fakeTerminal();
    await main(["explain", code], terminal);
    const lines = terminal.output().split("\n");
    expect(lines.length).toBeLessThan(70);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });

  it("names the files of an example that has several", async () => {
    const terminal = fakeTerminal();
    await main(["explain", "name/import-cycle"], terminal);
    expect(terminal.output()).toMatch(/\/\/ main.repq[^]*\/\/ other.repq/);
  });

  it("lists all codes", async () => {
    const terminal = fakeTerminal();
    expect(await main(["explain"], terminal)).toBe(0);
    const listed = [...terminal.output().matchAll(/^[a-z]+\/[a-z-]+/gm)].map(([code]) => code);
    expect(listed).toEqual(Object.keys(catalog));
  });

  it.each([
    ["merge/not-afine", "merge/not-affine"],
    ["shape/too-wide", "merge/branch-too-wide"],
    ["not-affine", "merge/not-affine"],
    ["merge/import-cycle", "name/import-cycle"],
  ])("guesses what %s means", async (written, meant) => {
    const terminal = fakeTerminal();
    expect(await main(["explain", written], terminal)).toBe(1);
    expect(terminal.errors()).toContain(`did you mean \`${meant}\`?`);
  });
});
