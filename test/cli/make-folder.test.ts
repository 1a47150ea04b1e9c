import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesIn } from "../../cli/files.ts";
import { makeFolder } from "../../cli/make-folder.ts";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const net = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
}

model Net {
  input image: image[8, 8, 2]
  output image -> Mine(4)
}
`;

describe("makeFolder", () => {
  it("makes every level that is missing, and is content with a folder that is there", () => {
    const { folder } = fakeTerminal();
    for (let time = 0; time < 2; time++) makeFolder(join(folder, "a/b/c"));
    expect(readdirSync(join(folder, "a/b"))).toEqual(["c"]);
  });

  it("gives up at once where a folder says that it is not there", () => {
    const { folder } = fakeTerminal();
    const asked: string[] = [];
    const refuse = (path: string): void => {
      asked.push(path);
      throw Object.assign(new Error("of the system"), { code: "ENOENT" });
    };
    expect(() => makeFolder(join(folder, "a/b"), refuse)).toThrow("of the system");
    expect(asked).toEqual([join(folder, "a")]);
  });

  it("refuses a file in the way", () => {
    const { folder } = fakeTerminal({ "a": "text" }); // prettier-ignore
    expect(() => makeFolder(join(folder, "a"))).toThrow("EEXIST");
  });

  it.runIf(existsSync("/proc/version"))("ends below /proc, which refuses so", async () => {
    expect(() => filesIn("/").ensureFolder("/proc/x/y")).toThrow("artefact/unwritable");
    for (const call of [
      ["compile", "net.repq", "-o", "/proc/x"],
      ["demo", "--out", "/proc/x"],
    ]) {
      const terminal = fakeTerminal({ "net.repq": net });
      expect(await main(call, terminal)).toBe(1);
      expect(terminal.errors()).toMatch(/artefact\/unwritable[^]*`\/proc\/x/);
    }
  });
});
