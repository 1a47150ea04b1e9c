import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileHost } from "../../cli/file-host.ts";
import { withRuntimeMistakes } from "../../cli/runtime-mistake.ts";
import { MissingFile, UnreadableFile, UnwritableFile } from "../../runtime/files.ts";
import { fakeTerminal } from "./fake-terminal.ts";

function hostOf(files: Readonly<Record<string, string>>) {
  const { folder } = fakeTerminal(files);
  mkdirSync(join(folder, "taken"));
  return fileHost(folder);
}

describe("fileHost", () => {
  it("writes, reads, lists and removes", async () => {
    const host = hostOf({});
    await host.write("a/b", Uint8Array.of(1, 2));
    expect(await host.read("a/b")).toEqual(Uint8Array.of(1, 2));
    expect(await host.list("a")).toEqual(["b"]);
    await host.remove("a/b");
    expect(await host.exists("a/b")).toBe(false);
  });

  it("refuses as the runtime does, in the words of the command line", async () => {
    const host = hostOf({ file: "text" });
    await expect(host.read("absent")).rejects.toThrow(MissingFile);
    await expect(host.read("taken")).rejects.toThrow(
      new UnreadableFile("taken", "cannot be read: it is a folder", "Name a file in it."),
    );
    await expect(host.write("taken", new Uint8Array())).rejects.toThrow(
      new UnwritableFile("taken", "cannot be written: it is a folder", "Name a file in it."),
    );
    await expect(host.write("file/x/y", new Uint8Array())).rejects.toThrow(UnwritableFile);
  });

  it("is told to the user as the commands' own files are", async () => {
    const host = hostOf({});
    const told = withRuntimeMistakes(() => host.write("taken", new Uint8Array()));
    await expect(told).rejects.toMatchObject({
      diagnostics: [
        {
          code: "artefact/unwritable",
          message: "`taken` cannot be written: it is a folder",
          help: "name a file in it",
        },
      ],
    });
  });
});
