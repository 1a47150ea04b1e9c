import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileProblem } from "../../cli/file-problem.ts";
import { filesIn } from "../../cli/files.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { fakeTerminal } from "./fake-terminal.ts";

/** The one diagnostic that some work gives up with. */
function problemOf(work: () => unknown): { code: string; message: string; help?: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof UserMistake) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error("nothing was wrong");
}

describe("reading", () => {
  it("says which file is not there, and which was probably meant", () => {
    const files = filesIn(fakeTerminal({ "sub/net.repq": "" }).folder);
    expect(problemOf(() => files.readText("sub/nte.repq"))).toMatchObject({
      code: "artefact/missing-file",
      message: "there is no file `sub/nte.repq`",
      help: `did you mean \`${join("sub", "net.repq")}\`?`,
    });
  });

  it.each([
    ["sub", "it is a folder"],
    ["sub/net.repq/x", "a part of the path is a file, not a folder"],
    ["loop", "its links lead in a circle"],
    ["n".repeat(5000), "the name is too long"],
    ["a\0b", "the name contains a null character"],
    ["latin", "it is not UTF-8 text"],
  ])("says why %s cannot be read", (file, reason) => {
    const { folder } = fakeTerminal({ "sub/net.repq": "" });
    symlinkSync("loop", join(folder, "loop"));
    writeFileSync(join(folder, "latin"), Uint8Array.of(0x66, 0xfc, 0x72));
    expect(problemOf(() => filesIn(folder).readText(file))).toMatchObject({
      code: "artefact/unreadable",
      message: `\`${file}\` cannot be read: ${reason}`,
    });
  });

  it.runIf(existsSync("/dev/zero"))("gives up on a file without an end", () => {
    const { message } = problemOf(() => filesIn("/").readText("/dev/zero"));
    expect(message).toBe("`/dev/zero` cannot be read: it is larger than 16 MiB");
  });

  it("takes off a byte order mark", () => {
    const { folder } = fakeTerminal({ "a.repq": "\uFEFFblock" });
    expect(filesIn(folder).readText("a.repq")).toBe("block");
  });

  it("reads any file whole", () => {
    const { folder } = fakeTerminal();
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    writeFileSync(join(folder, "data"), bytes);
    expect(filesIn(folder).readBytes("data")).toEqual(bytes);
  });
});

describe("writing", () => {
  it("makes folders, and leaves nothing but the file", () => {
    const { folder } = fakeTerminal();
    filesIn(folder).write("a/b/c.txt", "text");
    filesIn(folder).write("a/b/c.txt", Uint8Array.of(104, 105));
    expect(readdirSync(join(folder, "a/b"))).toEqual(["c.txt"]);
    expect(readFileSync(join(folder, "a/b/c.txt"), "utf8")).toBe("hi");
  });

  it("keeps links and permissions", () => {
    const { folder } = fakeTerminal({ "real.txt": "old" });
    chmodSync(join(folder, "real.txt"), 0o640);
    symlinkSync("real.txt", join(folder, "link.txt"));
    filesIn(folder).write("link.txt", "new");
    expect(lstatSync(join(folder, "link.txt")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real.txt"), "utf8")).toBe("new");
    expect(statSync(join(folder, "real.txt")).mode & 0o777).toBe(0o640);
  });

  it("says why it cannot, and leaves what was there", () => {
    const { folder } = fakeTerminal({ "file.txt": "old" });
    mkdirSync(join(folder, "taken"));
    const files = filesIn(folder);
    expect(problemOf(() => files.write("taken", "x"))).toMatchObject({
      code: "artefact/unwritable",
      message: "`taken` cannot be written: it is a folder",
      help: "name a file in it",
    });
    expect(problemOf(() => files.write("file.txt/x", "x")).code).toBe("artefact/unwritable");
    expect(problemOf(() => files.ensureFolder("file.txt/x")).code).toBe("artefact/unwritable");
    expect(readdirSync(folder).toSorted()).toEqual(["file.txt", "taken"]);
    expect(readFileSync(join(folder, "file.txt"), "utf8")).toBe("old");
  });

  it.runIf(process.getuid?.() !== 0)("tells beforehand that permission is missing", () => {
    const { folder } = fakeTerminal();
    mkdirSync(join(folder, "closed"), { mode: 0o500 });
    const { message } = problemOf(() => filesIn(folder).ensureWritable("closed/a/b"));
    expect(message).toBe("`closed/a/b` cannot be written: you have no permission");
  });

  it("tells beforehand what could be written, and makes nothing", () => {
    const { folder } = fakeTerminal({ "file.txt": "old" });
    for (const file of ["file.txt", "new.txt", "a/b/new.txt"]) {
      expect(() => filesIn(folder).ensureWritable(file)).not.toThrow();
    }
    expect(readdirSync(folder)).toEqual(["file.txt"]);
  });

  it.runIf(existsSync("/dev/full"))("says that the disk is full", () => {
    const { message } = problemOf(() => filesIn("/").write("/dev/full", "x"));
    expect(message).toBe("`/dev/full` cannot be written: the disk is full");
  });
});

describe("fileProblem", () => {
  const fail = (code: string): Error => Object.assign(new Error("of the system"), { code });

  it.each([
    ["EACCES", "you have no permission"],
    ["EROFS", "the file system is read-only"],
    ["ENOENT", "the folder is not there"],
    ["EXYZ", "the system says EXYZ"],
  ])("puts %s into words", (code, reason) => {
    const { message } = fileProblem(fail(code), "write", "a.json", "/a.json");
    expect(message).toBe(`\`a.json\` cannot be written: ${reason}`);
  });

  it("leaves alone what is not the file system's", () => {
    expect(() => fileProblem(new TypeError("ours"), "read", "a", "/a")).toThrow("ours");
  });
});
