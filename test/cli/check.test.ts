import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../cli/package-root.ts";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import type { FakeTerminal } from "./fake-terminal.ts";

const good = "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n";
const bad = "block Mine => conv(3x3) {\n  branch dense = conv(3x3) bn\n}\n";
const importing = (path: string): string => `import { Mine } from "${path}"

model Net {
  input image: image[32, 32, 3]
  output image -> Mine(8)
}
`;

async function codes(
  terminal: FakeTerminal,
  ...args: readonly string[]
): Promise<readonly string[]> {
  await main(["check", ...args], terminal);
  return [...terminal.output().matchAll(/^\w+\[(.*?)\]/gm)].map(([, code]) => code!);
}

describe("repqc check", () => {
  it("is content with a good file", async () => {
    const terminal = fakeTerminal({ "mine.repq": good });
    expect(await main(["check", "mine.repq"], terminal)).toBe(0);
    expect(terminal.output()).toBe("");
    expect(terminal.errors()).toBe("checked 1 file: nothing to complain about\n");
  });

  it("shows what is wrong, and ends with 1", async () => {
    const terminal = fakeTerminal({ "mine.repq": bad });
    expect(await main(["check", "mine.repq"], terminal)).toBe(1);
    expect(terminal.output()).toContain("mine.repq:2:28");
    expect(terminal.errors()).toBe("checked 1 file: 1 error\n");
  });

  it("prints data for programs, and nothing else", async () => {
    const terminal = fakeTerminal({ "mine.repq": bad });
    expect(await main(["check", "--format", "json", "mine.repq"], terminal)).toBe(1);
    expect(JSON.parse(terminal.output())).toMatchObject({
      errors: 1,
      diagnostics: [{ code: "syntax/missing-arrow", place: { file: "mine.repq" } }],
    });
    expect(terminal.errors()).toBe("");
  });

  it("names a file below its folder the same way, however it is given", async () => {
    const terminal = fakeTerminal({ "sub/mine.repq": bad });
    await main(["check", join(terminal.folder, "sub", "mine.repq")], terminal);
    expect(terminal.output()).toContain("┌─ sub/mine.repq:2:28");
  });

  it("looks at every spec of a folder, and at the others where one is not there", async () => {
    const terminal = fakeTerminal({ "a/x.repq": bad, "a/b/y.repq": bad, "a/notes.txt": "" });
    await main(["check", "a", "b.repq"], terminal);
    expect(terminal.output()).toMatch(/there is no file `b.repq`[^]*a\/b\/y.repq[^]*a\/x.repq/);
    expect(terminal.errors()).toBe("checked 2 files: 3 errors\n");
  });

  it("looks at specs of the standard library", async () => {
    const terminal = fakeTerminal();
    expect(await main(["check", "repq:blocks/repvgg"], terminal)).toBe(0);
    expect(terminal.errors()).toBe("checked 1 file: nothing to complain about\n");
  });

  it("says that a folder holds no specs", async () => {
    const terminal = fakeTerminal({ "a/notes.txt": "" });
    expect(await main(["check", "a"], terminal)).toBe(0);
    expect(terminal.output()).toContain("warning[config/no-specs]: there is no spec in `a`");
    expect(terminal.errors()).toBe("checked 0 files: 1 warning\n");
  });

  it("never tells where the standard library lies", async () => {
    for (const command of ["check", "compile"]) {
      const terminal = fakeTerminal();
      const call = [command, "repq:blocks/repvg"];
      expect(await main(call, terminal)).toBe(1);
      const said = terminal.output() + terminal.errors();
      expect(said).toContain("there is no file `repq:blocks/repvg`");
      expect(said).toContain("did you mean `repq:blocks/repvgg`?");
      expect(said).not.toContain(packageRoot);
    }
    for (const name of ["repq:absent/file", "repq:../package", "repq:"]) {
      const terminal = fakeTerminal();
      expect(await main(["check", name], terminal)).toBe(1);
      expect(terminal.output()).toMatch(/there is no file `repq:[^]*name a spec of the standard/);
      expect(terminal.output()).not.toContain(packageRoot);
    }
    const terminal = fakeTerminal({ "main.repq": importing("repq:blocks/absent") });
    expect(await codes(terminal, "main.repq")).toHaveLength(1);
    expect(terminal.output()).toContain("repq:blocks/absent");
    expect(terminal.output()).not.toContain(packageRoot.slice(1));
  });

  it("says a mistake of a shared file once", async () => {
    const two = { "one.repq": importing("./mine.repq"), "two.repq": importing("./mine.repq") };
    const terminal = fakeTerminal({ ...two, "mine.repq": bad });
    expect(await codes(terminal, "one.repq", "two.repq")).toEqual(["syntax/missing-arrow"]);
  });
});

describe("imports (S13)", () => {
  it("may not leave the entry's folder, whether the file exists or not", async () => {
    for (const target of ["../mine.repq", "../absent.repq", "/etc/passwd"]) {
      const terminal = fakeTerminal({ "mine.repq": good, "sub/main.repq": importing(target) });
      expect(await codes(terminal, "sub/main.repq")).toEqual(["name/import-outside"]);
    }
  });

  it("may not leave it through a link", async () => {
    const terminal = fakeTerminal({ "mine.repq": good, "sub/main.repq": importing("./link.repq") });
    symlinkSync("../mine.repq", join(terminal.folder, "sub", "link.repq"));
    expect(await codes(terminal, "sub/main.repq")).toEqual(["name/import-outside"]);
  });

  it("may leave it for a folder the user names", async () => {
    const files = { "lib/mine.repq": good, "sub/main.repq": importing("../lib/mine.repq") };
    expect(await codes(fakeTerminal(files), "sub/main.repq", "--root", "lib")).toEqual([]);
  });

  it("find a cycle that goes through a link", async () => {
    const terminal = fakeTerminal({ "main.repq": importing("./again/main.repq") });
    symlinkSync(".", join(terminal.folder, "again"));
    expect(await codes(terminal, "main.repq")).toContain("name/import-cycle");
  });

  it("are helped where a name is almost right", async () => {
    const terminal = fakeTerminal({ "mine.repq": good, "main.repq": importing("./mne.repq") });
    await main(["check", "main.repq"], terminal);
    expect(terminal.output()).toContain("= help: did you mean `./mine.repq`?");
  });

  it("do not climb out of the standard library", async () => {
    const terminal = fakeTerminal({ "main.repq": importing("repq:../package") });
    expect(await codes(terminal, "main.repq")).toEqual(["name/import-outside"]);
  });
});
