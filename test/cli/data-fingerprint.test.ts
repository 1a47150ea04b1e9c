import { describe, expect, it } from "vitest";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFiles, fingerprintOf } from "../../cli/train/data-fingerprint.ts";
import type { OpenData } from "../../cli/train/open-data.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const names = ["a", "b", "c", "d"];

/** Photographs of 100 bytes each in a folder. */
function photographs(place = "photos") {
  const { folder } = fakeTerminal({});
  mkdirSync(join(folder, place));
  const write = (name: string, content: string) =>
    writeFileSync(join(folder, place, name), content);
  for (const name of names) write(`${name}.jpg`, name.repeat(100));
  const data = (of: readonly string[] = names): OpenData => ({
    choice: { data: place },
    training: { kind: "photographs", files: of.map((name) => `${place}/${name}.jpg`) },
  });
  const fingerprint = (of?: readonly string[], limit?: number) =>
    fingerprintOf(dataFiles(folder), data(of), limit);
  return { folder, write, fingerprint };
}

describe("the fingerprint of images on disk", () => {
  it("is the same wherever they lie, and whenever they were touched", async () => {
    const { folder, fingerprint } = photographs();
    const first = await fingerprint();
    utimesSync(join(folder, "photos/a.jpg"), 1, 1);
    expect(await fingerprint()).toBe(first);
    expect(await photographs("elsewhere").fingerprint()).toBe(first);
  });

  it("tells another image of the same name and size, another size, another name", async () => {
    const { write, fingerprint } = photographs();
    const first = await fingerprint();
    expect(await fingerprint(["a", "b", "c"])).not.toBe(first);
    write("c.jpg", "x".repeat(100));
    const second = await fingerprint();
    expect(second).not.toBe(first);
    write("c.jpg", "c".repeat(100));
    expect(await fingerprint()).toBe(first);
    write("d.jpg", "d".repeat(99));
    expect(await fingerprint()).not.toBe(first);
  });

  it("reads evenly spaced ones where they are many, and the sizes of all", async () => {
    const { write, fingerprint } = photographs();
    const first = await fingerprint(names, 200);
    write("b.jpg", "x".repeat(100));
    expect(await fingerprint(names, 200), "every second is read").toBe(first);
    write("b.jpg", "x".repeat(101));
    expect(await fingerprint(names, 200)).not.toBe(first);
    write("b.jpg", "b".repeat(100));
    write("c.jpg", "x".repeat(100));
    expect(await fingerprint(names, 200)).not.toBe(first);
  });

  it("says which image cannot be read", async () => {
    const { fingerprint } = photographs();
    await expect(fingerprint(["a", "lost"])).rejects.toThrow("`photos/lost.jpg` is not there");
  });
});
