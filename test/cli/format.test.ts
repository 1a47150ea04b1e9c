import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const untidy = "block Mine=>conv(3x3){branch dense=conv(3x3)->bn}";
const tidy = "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n";
const wrong = "block Mine => conv(3x3) { branch dense = }\n";

describe("repqc fmt", () => {
  it("rewrites what is untidy and names it", async () => {
    const terminal = fakeTerminal({ "a/untidy.repq": untidy, "a/tidy.repq": tidy });
    expect(await main(["fmt", "a"], terminal)).toBe(0);
    expect(terminal.output()).toBe("formatted: a/untidy.repq\n");
    expect(readFileSync(join(terminal.folder, "a/untidy.repq"), "utf8")).toBe(tidy);
  });

  it("only says so with --check", async () => {
    const terminal = fakeTerminal({ "a.repq": untidy });
    expect(await main(["fmt", "--check", "a.repq"], terminal)).toBe(1);
    expect(terminal.output()).toBe("not formatted: a.repq\n");
    expect(readFileSync(join(terminal.folder, "a.repq"), "utf8")).toBe(untidy);
  });

  it("leaves a file with syntax errors alone, and goes on", async () => {
    const terminal = fakeTerminal({ "wrong.repq": wrong, "z.repq": untidy });
    expect(await main(["fmt", "."], terminal)).toBe(1);
    expect(terminal.errors()).toContain("wrong.repq:1:");
    expect(terminal.output()).toBe("formatted: z.repq\n");
    expect(readFileSync(join(terminal.folder, "wrong.repq"), "utf8")).toBe(wrong);
  });

  it("formats standard input", async () => {
    const terminal = fakeTerminal({}, untidy);
    expect(await main(["fmt", "--stdin"], terminal)).toBe(0);
    expect(terminal.output()).toBe(tidy);
    const checking = fakeTerminal({}, untidy);
    expect(await main(["fmt", "--stdin", "--check"], checking)).toBe(1);
    expect(checking.output()).toBe("");
  });

  it("prints nothing but the problem for standard input that is wrong", async () => {
    const terminal = fakeTerminal({}, wrong);
    expect(await main(["fmt", "--stdin"], terminal)).toBe(1);
    expect(terminal.output()).toBe("");
    expect(terminal.errors()).toContain("(standard input):1:");
  });

  it("wants either files or --stdin", async () => {
    expect(await main(["fmt"], fakeTerminal())).toBe(2);
    expect(await main(["fmt", "--stdin", "a.repq"], fakeTerminal())).toBe(2);
  });
});
