import { describe, expect, it } from "vitest";
import { commands } from "../../cli/commands/index.ts";
import { crashReport } from "../../cli/crash-report.ts";
import { main } from "../../cli/main.ts";
import { hasColour, styleFor } from "../../cli/terminal.ts";
import { fakeTerminal } from "./fake-terminal.ts";

describe("repqc", () => {
  it("prints help where it is asked for, and ends with 0", async () => {
    for (const args of [["--help"], ["check", "--help"], ["fmt", "-h"], ["explain", "-h"]]) {
      const terminal = fakeTerminal();
      expect(await main(args, terminal)).toBe(0);
      expect(terminal.output()).toMatch(/^Usage: repqc/);
    }
  });

  it("prints help where nothing is asked for, and ends with 2", async () => {
    const terminal = fakeTerminal();
    expect(await main([], terminal)).toBe(2);
    expect(terminal.errors()).toMatch(/^Usage: repqc/);
  });

  it("calls every command by the name under which it is loaded", async () => {
    const session = { terminal: fakeTerminal(), end: () => undefined };
    for (const [name, load] of Object.entries(commands)) {
      expect((await load())(session).name()).toBe(name);
    }
    const terminal = fakeTerminal();
    expect(await main(["toString"], terminal)).toBe(2);
    expect(terminal.errors()).toContain("unknown command 'toString'");
  });

  it("guesses a mistyped command or option", async () => {
    const terminal = fakeTerminal();
    expect(await main(["chek"], terminal)).toBe(2);
    expect(await main(["check", "--fromat", "json", "a"], terminal)).toBe(2);
    expect(terminal.errors()).toContain("(Did you mean check?)");
    expect(terminal.errors()).toContain("(Did you mean --format?)");
  });

  it("wants what a command needs", async () => {
    expect(await main(["check"], fakeTerminal())).toBe(2);
    expect(await main(["check", "--format", "yaml", "a"], fakeTerminal())).toBe(2);
    expect(await main(["explain", "a", "b"], fakeTerminal())).toBe(2);
  });

  it("prints its version", async () => {
    const terminal = fakeTerminal();
    expect(await main(["--version"], terminal)).toBe(0);
    expect(terminal.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("owns up to its bugs without a stack", async () => {
    const terminal = fakeTerminal();
    const broken = { ...terminal, write: () => boom() };
    expect(await main(["explain"], broken)).toBe(1);
    expect(terminal.errors()).toMatch(/repqc has a bug, and this is not your fault: Error: boom/);
    expect(terminal.errors()).not.toMatch(/^\s+at /m);
  });
});

function boom(): never {
  throw new Error("boom");
}

describe("crashReport", () => {
  it("has what a report needs, and the stack where it is asked for", () => {
    const error = new Error("boom");
    expect(crashReport(error, ["check", "a.repq"], {})).toMatch(/repqc \d[^]*repqc check a\.repq/);
    expect(crashReport(error, [], { REPQC_DEBUG: "1" })).toContain(error.stack);
  });
});

describe("colour", () => {
  const terminal = { isTTY: true };
  it.each([
    [terminal, {}, true],
    [{}, {}, false],
    [terminal, { TERM: "dumb" }, false],
    [terminal, { NO_COLOR: "1" }, false],
    [terminal, { NO_COLOR: "" }, true],
    [{}, { FORCE_COLOR: "1" }, true],
    [terminal, { FORCE_COLOR: "0" }, false],
    [{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("on %o with %o: %s", (stream, environment, expected) => {
    expect(hasColour(stream, environment)).toBe(expected);
  });

  it("is left out where there is none", () => {
    expect(styleFor(false).error("x")).toBe("x");
    expect(styleFor(true).error("x")).not.toBe("x");
  });
});
