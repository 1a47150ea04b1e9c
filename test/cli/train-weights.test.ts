/** What `--weights` takes: files, checkpoints, runs that have ended, and runs that have not. */
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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

/** A run of three epochs whose end was lost, and what it had written. */
async function pastItsBest() {
  const world = trainWorld();
  const { at, train, terminal } = world;
  const recipe = "Short(epochs: 3)";
  expect(await train("--recipe", recipe, "-o", "float"), terminal.errors()).toBe(0);
  const [place = ""] = readdirSync(at("float/checkpoints")).filter((name) =>
    name.startsWith("last-"),
  );
  const saved = load(terminal, `float/checkpoints/${place}`);
  const best = new Map(
    [...saved].flatMap(([name, tensor]) =>
      name.startsWith("optimizer/best/") ? [[name.slice("optimizer/best/".length), tensor]] : [],
    ),
  );
  const kept = load(terminal, "float/weights.safetensors");
  rmSync(at("float/weights.safetensors"));
  return { ...world, best, kept };
}

describe("repqc train --weights", () => {
  it("takes what a run that has not finished would keep: its best epoch", async () => {
    const { terminal, train, best, kept } = await pastItsBest();
    expect([...best.keys()].toSorted()).toEqual([...kept.keys()].toSorted());
    expect(await train("--weights", "float", "--epochs", "1", "-o", "next")).toBe(0);
    expect(new Map(load(terminal, "next/checkpoints/start.safetensors"))).toEqual(new Map(kept));
    expect(terminal.errors()).toMatch(/after step 18, its best epoch \(\d\): the run in `float`/);
  });

  it("takes the same of a checkpoint's record", async () => {
    const { terminal, train, kept } = await pastItsBest();
    const record = "float/checkpoints/last.json";
    expect(await train("--weights", record, "--epochs", "1", "-o", "next")).toBe(0);
    expect(new Map(load(terminal, "next/checkpoints/start.safetensors"))).toEqual(new Map(kept));
    expect(terminal.errors()).toMatch(/of the checkpoint after step 18, its best epoch \(\d\)\n/);
  });

  it("takes the last checkpoint of a run that has not finished, and says so", async () => {
    const { terminal, json, at, tensors, weights, follow } = await unfinished();
    expect(await follow("float"), terminal.errors()).toBe(0);
    expect(load(terminal, "next/checkpoints/start.safetensors")).toEqual(weights);
    expect(terminal.errors()).toContain(
      "note: the weights are those of the checkpoint after step 6, its best epoch (1): the run in `float` has not finished",
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
    expect(terminal.errors()).toMatch(/note: the weights are those of (a|the) checkpoint/);
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

describe("a recipe that distills", () => {
  it("asks for the teacher's weights, and learns from them", async () => {
    const { train, terminal, at } = trainWorld();
    const quantized = ["--recipe", "Distill", "--quant", "repq:quant/uniform#RepQ(4)", "-o", "q"];
    expect(await train(...quantized)).toBe(1);
    expect(terminal.errors()).toMatch(/`distill: true` needs `--weights`/);
    expect(existsSync(at("q"))).toBe(false);
    // In floating point there is nobody to learn from: labels count.
    expect(await train("--recipe", "Distill", "-o", "float"), terminal.errors()).toBe(0);
    expect(await train(...quantized, "--weights", "float"), terminal.errors()).toBe(0);
    expect(existsSync(at("q/weights.safetensors"))).toBe(true);
  });
});
