import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { load, save } from "./run-files.ts";
import { readMetrics, trainWorld, writeIdx, writeIdxFolder } from "./train-world.ts";

describe("repqc train", () => {
  it("trains in floating point, then quantized from that run, inside the merge and after it", async () => {
    const { terminal, at, train, json } = trainWorld();
    expect(await train("--log-every", "4", "-o", "float"), terminal.errors()).toBe(0);
    expect(readdirSync(at("float")).toSorted()).toEqual(
      "checkpoints deployed.safetensors metrics.jsonl program.json run.json samples.safetensors weights.safetensors".split(
        " ",
      ),
    );
    const lines = readMetrics(at("float"));
    const places = lines.map(({ kind, epoch, step }) => `${kind} ${epoch} ${step}`);
    const wanted = "step 1 4, epoch 1 6, step 2 8, step 2 12, epoch 2 12, step 3 16, epoch 3 18";
    expect(places.join(", ")).toBe(wanted);
    expect(lines.at(-1)!.loss).toBeLessThan(lines[1]!.loss);
    expect(terminal.errors().split("\n").length, "a line of what computes, and of each epoch").toBe(
      5,
    );
    const record = json("float/run.json");
    expect(record.recipe).toMatchObject({ epochs: 3, batch: 8, rate: 0.1, keep: "best" });
    expect(record.data.training).toMatchObject({ size: 48 });
    expect(record.specs).toEqual([{ file: "net.repq", sha256: expect.stringMatching(/^\w{64}$/) }]);
    expect(record.asked).toMatchObject({ file: "../net.repq", data: "../images", seed: 1 });

    const quantized = ["--weights", "float", "--epochs", "1"];
    expect(await train("--quant", "repq:quant/uniform#RepQ(4)", ...quantized, "-o", "repq")).toBe(
      0,
    );
    expect(json("repq/run.json")).toMatchObject({ recipe: { epochs: 1, rate: 0.05 } });
    expect(load(terminal, "repq/checkpoints/start.safetensors")).toEqual(
      load(terminal, "float/weights.safetensors"),
    );
    const steps = [...load(terminal, "repq/weights.safetensors")].filter(([path]) =>
      path.endsWith(".step"),
    );
    expect(steps.length).toBeGreaterThan(3);
    for (const [, { data }] of steps) expect(Math.min(...data)).toBeGreaterThan(0);

    expect(await train("--quant", "repq:quant/uniform#Merged", ...quantized, "-o", "merged")).toBe(
      0,
    );
    const deployed = load(terminal, "float/deployed.safetensors");
    expect(load(terminal, "merged/checkpoints/start.safetensors")).toEqual(deployed);
    const branches = ["--quant", "repq:quant/uniform#Branches", ...quantized, "-o", "branches"];
    expect(await train(...branches)).toBe(0);
    expect(existsSync(at("branches/deployed.safetensors"))).toBe(false);
  });

  it("deploys what `repqc run` merges", async () => {
    const { terminal, train } = trainWorld();
    const policy = ["--entry", "Net", "--quant", "repq:quant/uniform#RepQ(4)"];
    expect(await train(...policy, "--epochs", "1", "-o", "run")).toBe(0);
    expect(terminal.errors()).toContain("starts from random weights");
    const data = Float32Array.from({ length: 36 }, (_, place) => place / 36);
    save(terminal, "x.safetensors", new Map([["input", { shape: [1, 6, 6, 1], data }]]));
    const files = "--weights run/weights.safetensors --input x.safetensors -o y.safetensors";
    const how = ["--mode", "merged", "--backend", "cpu", ...files.split(" ")];
    expect(await main(["run", "net.repq", ...policy, ...how], terminal), terminal.errors()).toBe(0);
    const merged = load(terminal, "y.safetensors");
    const deployed = load(terminal, "run/deployed.safetensors");
    expect(deployed.size).toBeGreaterThan(4);
    for (const [path, tensor] of deployed) expect(merged.get(`merged.${path}`)).toEqual(tensor);
  });

  it.each([
    ["config/option-needs", ["--recipe"], "needs `--recipe NAME`"],
    ["config/option-needs", ["--data"], "needs `--data DIR`"],
  ])("asks for what it needs: %s %s", async (code, [left], text) => {
    const { terminal } = trainWorld();
    const all = { "--entry": "Net", "--recipe": "Short", "--data": "images", "-o": "run" };
    const args = Object.entries(all).filter(([name]) => name !== left);
    expect(await main(["train", "net.repq", ...args.flat()], terminal)).toBe(1);
    expect(terminal.errors()).toContain(code);
    expect(terminal.errors()).toContain(text);
  });

  it.each([
    [["--recipe", "Shor"], "did you mean `Short`?"],
    [["--recipe", "repq:recipes/repvgg#QAT9"], "there is no recipe `QAT9`"],
    [["--quant", "repq:quant/repvg#RepQ"], "did you mean `repq:quant/repvgg`?"],
    [["--recipe", "Absolute"], "its loss is not one for labels"],
    [["--entry", "Few"], "it has 3 classes, and the model has 2"],
    [["--entry", "Large"], "its images are [6, 6, 1], and the model's input is [8, 8, 1]"],
    [["--entry", "Map"], "the model puts out a map of [6, 6, 4]"],
    [["--data", "nothing"], "there is no file `nothing`"],
    [["--weights", "nothing"], "there is no file `nothing`"],
    [["--weights", "images"], "`images/weights.safetensors`"],
    [["-o", "images"], "`images` is not empty: it holds `t10k-images-idx3-ubyte`"],
    [["-o", "net.repq"], "`net.repq/run.json` cannot be written"],
  ])("refuses %s before anything is written", async (args, text) => {
    const { terminal, at, train } = trainWorld();
    expect(await train("-o", "run", ...args)).toBe(1);
    expect(terminal.errors()).toContain(text);
    expect(terminal.errors()).not.toContain("bug");
    expect(existsSync(at("run"))).toBe(false);
  });

  it("refuses labels that are not the images'", async () => {
    const { terminal, at, train } = trainWorld();
    writeIdx(at("images/train-labels-idx1-ubyte"), [47], new Uint8Array(47));
    expect(await train("-o", "run")).toBe(1);
    expect(terminal.errors()).toContain("has 47 labels, and");
    writeIdx(at("images/train-labels-idx1-ubyte"), [48], new Uint8Array(48).fill(5));
    expect(await train("-o", "run")).toBe(1);
    expect(terminal.errors()).toContain("it has 6 classes, and the model has 3");
  });

  it("takes a part of a set, with fewer classes than the model, and tests on it", async () => {
    const { terminal, at, train } = trainWorld();
    expect(await train("--entry", "Wide", "--epochs", "1", "-o", "run"), terminal.errors()).toBe(0);
    writeIdxFolder(at("others"), { train: 2, t10k: 2 });
    const args = ["--test-data", "others", "--epochs", "1", "-o", "other"];
    expect(await train(...args), terminal.errors()).toBe(0);
  });

  it("says which part of a set has no images", async () => {
    const { terminal, at, train } = trainWorld();
    for (const [part, name] of Object.entries({ train: "training", t10k: "test" })) {
      writeIdxFolder(at("images"), { train: 48, t10k: 12, [part]: 0 });
      expect(await train("-o", "run")).toBe(1);
      expect(terminal.errors()).toContain(`it has no images: the ${name} part is empty`);
    }
    expect(existsSync(at("run"))).toBe(false);
  });

  it("names what diverged, and keeps the last checkpoint", async () => {
    const { terminal, at, train } = trainWorld();
    expect(await train("--recipe", "Hot", "--checkpoint-every", "1", "-o", "run")).toBe(1);
    expect(terminal.errors()).toMatch(/diverged after \d+ steps?: .+ is no longer finite/);
    expect(terminal.errors()).toMatch(/help: begin a new run .*`--weights`/);
    expect(existsSync(at("run/weights.safetensors"))).toBe(false);
    const kept = load(terminal, join("run/checkpoints", checkpointOf(at("run"))));
    for (const [path, { data }] of kept) expect(data.every(Number.isFinite), path).toBe(true);
  });
});

describe("repqc train --resume", () => {
  it("says that a run has finished, and refuses another one in its folder", async () => {
    const { terminal, train, resume } = trainWorld();
    expect(await train("--epochs", "1", "-o", "run")).toBe(0);
    expect(await train("--epochs", "1", "-o", "run")).toBe(1);
    expect(terminal.errors()).toContain("`run` is not empty: it holds a run");
    expect(await resume("-o", "run")).toBe(0);
    expect(terminal.output()).toContain("has finished");
    expect(await resume("-o", "other")).toBe(1);
    expect(terminal.errors()).toContain("no run was begun there");
  });

  it("goes on from elsewhere, and refuses what contradicts the run", async () => {
    const { terminal, at, train, resume } = trainWorld();
    expect(await train("--epochs", "1", "-o", "run")).toBe(0);
    rmSync(at("run/weights.safetensors"));
    const refused = [
      [["--seed", "2"], "`--seed` is `2`, but the run in `run` was begun with `1`"],
      [["--epochs", "2"], "`--epochs` is `2`, but the run in `run` was begun with `1`"],
      [["--quant", "RepQ"], "`--quant` is `RepQ`, but the run in `run` was begun with none"],
      [["--data", "elsewhere"], "`--data` is `elsewhere`"],
      [["other.repq"], "the spec is `other.repq`"],
      [["--backend", "wasm"], "`--backend` is `wasm`"],
    ] as const;
    for (const [args, text] of refused) {
      expect(await resume("-o", "run", ...args)).toBe(1);
      expect(terminal.errors()).toContain(text);
    }
    // What would be chosen now is no contradiction to what was chosen then.
    vi.stubEnv("REPQC_BACKEND", "wasm");
    expect(await resume("-o", "run", "--backend", "auto")).toBe(0);
    vi.unstubAllEnvs();
    rmSync(at("run/weights.safetensors"));
    mkdirSync(at("below"));
    const below = { ...terminal, folder: at("below") };
    expect(await main(["train", "../net.repq", "--resume", "-o", "../run"], below)).toBe(0);
    expect(existsSync(at("run/weights.safetensors"))).toBe(true);
  });

  it.each([
    ["a checkpoint cut short", "tensors", (path: string) => truncateSync(path, 400), "bytes, and"],
    ["a flipped bit", "tensors", flipBit, "its SHA-256 differs"],
    ["a changed record", "run.json", raiseRate, "its seal does not fit"],
    ["a cut record", "run.json", (path: string) => truncateSync(path, 300), "cut off or"],
    [
      "another file's record",
      "run.json",
      (path: string) => writeFileSync(path, "{}"),
      "not the record",
    ],
    [
      "a cut program",
      "program.json",
      (path: string) => truncateSync(path, 300),
      "not what the run began with",
    ],
    [
      "a changed program",
      "program.json",
      (path: string) =>
        writeFileSync(path, readFileSync(path, "utf8").replace('"stride": 1', '"stride": 2')),
      "not what the run began with",
    ],
    ["a cut place", "checkpoints/last.json", (path: string) => truncateSync(path, 90), "cut off"],
    ["other data", "../images/train-images-idx3-ubyte", flipBit, "the data in `images` changed"],
  ])("refuses %s, and touches nothing", async (_, name, damage, text) => {
    const { terminal, at, train, resume } = trainWorld();
    expect(await train("--epochs", "1", "-o", "run")).toBe(0);
    rmSync(at("run/weights.safetensors"));
    const tensors = checkpointOf(at("run"));
    damage(at(join("run", name === "tensors" ? join("checkpoints", tensors) : name)));
    const before = contents(at("run"));
    expect(await resume("-o", "run")).toBe(1);
    expect(terminal.errors()).toContain(text);
    expect(terminal.errors()).not.toContain("bug");
    expect(contents(at("run"))).toEqual(before);
  });

  it("refuses a changed start, where training had not yet saved anything", async () => {
    const { terminal, at, train, resume } = trainWorld();
    expect(await train("--epochs", "1", "-o", "float")).toBe(0);
    expect(await train("--weights", "float", "--epochs", "1", "-o", "run")).toBe(0);
    rmSync(at("run/weights.safetensors"));
    for (const name of readdirSync(at("run/checkpoints")))
      if (name.startsWith("last")) rmSync(at(join("run/checkpoints", name)));
    flipBit(at("run/checkpoints/start.safetensors"));
    expect(await resume("-o", "run")).toBe(1);
    expect(terminal.errors()).toContain(
      "start.safetensors` is damaged: it is not what the run began with",
    );
  });

  it("leaves a file of the same name as one of its own alone", async () => {
    const { terminal, at, train } = trainWorld();
    mkdirSync(at("run"));
    writeFileSync(at("run/program.json"), "mine");
    expect(await train("--epochs", "1", "-o", "run")).toBe(1);
    expect(terminal.errors()).toContain("it holds `program.json`");
    expect(readFileSync(at("run/program.json"), "utf8")).toBe("mine");
  });

  it("refuses the checkpoint of another model", async () => {
    const { terminal, at, train, resume } = trainWorld();
    expect(await train("--epochs", "1", "-o", "run")).toBe(0);
    const quant = ["--quant", "repq:quant/uniform#RepQ(4)"];
    expect(await train(...quant, "--epochs", "1", "-o", "other")).toBe(0);
    rmSync(at("run/weights.safetensors"));
    for (const name of readdirSync(at("other/checkpoints"))) {
      writeFileSync(at(`run/checkpoints/${name}`), readFileSync(at(`other/checkpoints/${name}`)));
    }
    expect(await resume("-o", "run")).toBe(1);
    expect(terminal.errors()).toContain("run/checkpoints/last.json");
  });
});

/** The checkpoint's tensors, in their folder. */
function checkpointOf(run: string): string {
  return readdirSync(join(run, "checkpoints")).find((name) => name.startsWith("last-")) ?? "";
}

/** Changes one bit in the last third, away from what lengths are read from. */
function flipBit(path: string): void {
  const bytes = readFileSync(path);
  const place = Math.floor(bytes.length * 0.7);
  bytes[place] = bytes[place]! ^ 1;
  writeFileSync(path, bytes);
}

function raiseRate(path: string): void {
  const text = readFileSync(path, "utf8");
  expect(text).toContain('"rate": 0.1');
  writeFileSync(path, text.replace('"rate": 0.1', '"rate": 0.2'));
}

function contents(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}
