/** What `--weights` takes: files, checkpoints, runs that have ended, and runs that have not. */
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { load } from "./run-files.ts";
import { trainWorld } from "./train-world.ts";

/** A run that ended, but lost its weights: as one that was stopped at its last step. */
async function unfinished() {
  const world = trainWorld();
  const { at, train, terminal } = world;
  expect(await train("--epochs", "1", "-o", "float"), terminal.errors()).toBe(0);
  copyFileSync(at("float/weights.safetensors"), at("kept.safetensors"));
  rmSync(at("float/weights.safetensors"));
  const names = readdirSync(at("float/checkpoints"));
  const tensors = `float/checkpoints/${names.find((name) => name.startsWith("last-"))!}`;
  const saved = [...load(terminal, tensors)];
  const weights = new Map(saved.filter(([name]) => !name.startsWith("optimizer/")));
  expect(weights.size).toBeLessThan(saved.length);
  const follow = (given: string, out = "next") =>
    train("--weights", given, "--quant", "repq:quant/uniform#RepQ(4)", "--epochs", "1", "-o", out);
  return { ...world, tensors, weights, follow };
}

describe("repqc train --weights", () => {
  it("takes the last checkpoint of a run that has not finished, and says so", async () => {
    const { terminal, json, at, tensors, weights, follow } = await unfinished();
    expect(await follow("float"), terminal.errors()).toBe(0);
    expect(load(terminal, "next/checkpoints/start.safetensors")).toEqual(weights);
    expect(terminal.errors()).toContain(
      "note: the weights are those of the checkpoint after step 6: the run in `float` has not finished",
    );
    const sha256 = createHash("sha256")
      .update(readFileSync(at(tensors)))
      .digest("hex");
    expect(json("next/run.json").weights).toBe(sha256);
  });

  it.each(["tensors", "record"])("takes a checkpoint by its %s", async (what) => {
    const { terminal, tensors, weights, follow } = await unfinished();
    expect(await follow(what === "record" ? "float/checkpoints/last.json" : tensors)).toBe(0);
    expect(load(terminal, "next/checkpoints/start.safetensors")).toEqual(weights);
    expect(terminal.errors()).toContain("note: the weights are those of a checkpoint");
  });

  it("refuses a checkpoint with a changed bit, and a run that saved nothing", async () => {
    const { terminal, at, tensors, follow } = await unfinished();
    const bytes = readFileSync(at(tensors));
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(at(tensors), bytes);
    expect(await follow(tensors)).toBe(1);
    expect(terminal.errors()).toContain("is not what its name says: its SHA-256 differs");
    expect(await follow("float")).toBe(1);
    expect(terminal.errors()).toContain("its SHA-256 differs");
    rmSync(at("float/checkpoints"), { recursive: true });
    expect(await follow("float")).toBe(1);
    expect(terminal.errors()).toContain("the run has saved nothing yet; go on with it");
    expect(readdirSync(at("."))).not.toContain("next");
  });
});
