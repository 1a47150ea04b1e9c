import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { randomWeights, save } from "./run-files.ts";
import { netSpec } from "./train-world.ts";

/** How many more times something may be written. */
const disk = vi.hoisted(() => ({ room: Infinity }));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const writeFileSync: typeof real.writeFileSync = (target, data, options) => {
    disk.room -= 1;
    if (disk.room < 0) throw Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" });
    real.writeFileSync(target, data, options);
  };
  return { ...real, writeFileSync };
});

afterEach(() => {
  disk.room = Infinity;
});

describe("repqc export on a full disk", () => {
  it.each([
    ["onnx", 0],
    ["tfjs", 0],
    ["tfjs", 1],
  ])("leaves no half of a model behind: %s after %i files", async (to, room) => {
    const terminal = fakeTerminal({ "net.repq": netSpec });
    const weights = await randomWeights(terminal, "net.repq", "--entry", "Net");
    save(terminal, "w.safetensors", weights);
    const call = ["export", "net.repq", "--entry", "Net", "--weights", "w.safetensors"];
    const args = [...call, "--to", to, "-o", "model", "--backend", "cpu"];
    disk.room = room;
    expect(await main(args, terminal)).toBe(1);
    expect(terminal.errors()).toContain("`model` cannot be written: the disk is full");
    expect(readdirSync(terminal.folder).toSorted()).toEqual(["net.repq", "w.safetensors"]);

    disk.room = Infinity;
    expect(await main(args, terminal)).toBe(0);
    const path = join(terminal.folder, to === "onnx" ? "model" : "model/model.json");
    const before = readFileSync(path);
    disk.room = room;
    expect(await main(args, terminal)).toBe(1);
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(join(terminal.folder, "model"))).toBe(true);
    expect(readdirSync(terminal.folder)).toHaveLength(3);
  });
});
