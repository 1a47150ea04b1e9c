import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { loadProgram } from "../../runtime/load.ts";
import { compareOutputs, runOnnx, runTfjs } from "../../runtime/export/index.ts";
import { runInteger } from "../../runtime/integer/index.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { load, randomTensor, randomWeights, save } from "./run-files.ts";
import { netSpec, writeIdxFolder } from "./train-world.ts";

const policy = "repq:quant/uniform#RepQ(4)";

/** A folder with a spec and images, and commands called in it on the cpu backend. */
function world() {
  const terminal = fakeTerminal({ "net.repq": netSpec });
  const at = (path: string) => join(terminal.folder, path);
  writeIdxFolder(at("images"));
  const train = (...args: readonly string[]) => {
    const usual = ["--entry", "Net", "--recipe", "Short", "--data", "images", "--backend", "cpu"];
    return main(["train", "net.repq", ...usual, "--epochs", "1", ...args], terminal);
  };
  const exportTo = (to: string, ...args: readonly string[]) =>
    main(["export", ...args, "--to", to, "--backend", "cpu"], terminal);
  return { terminal, at, train, exportTo };
}

type World = ReturnType<typeof world>;

/** A run that was trained quantized. */
async function trained() {
  const made = world();
  expect(await made.train("--quant", policy, "-o", "run"), made.terminal.errors()).toBe(0);
  return made;
}

/** What the integer executor gives for a run. */
function integerOutputs({ terminal, at }: World, run = "run") {
  const program = loadProgram(readFileSync(at(`${run}/program.json`), "utf8"), "program.json");
  const input = randomTensor(Random.fromSeed(1), [5, ...program.input.shape]);
  const deployed = load(terminal, `${run}/deployed.safetensors`);
  return { input, output: runInteger(program.deploy, deployed, input).output };
}

function filesOf(folder: string): Map<string, Uint8Array> {
  return new Map(
    readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
  );
}

function metadataOf(path: string): Record<string, string> {
  const { metadataProps } = fromBinary(ModelProtoSchema, new Uint8Array(readFileSync(path)));
  return Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
}

describe("repqc export of a run", () => {
  it("writes models that give the integer executor's outputs, and says where they are from", async () => {
    const made = await trained();
    const { terminal, at, exportTo } = made;
    expect(await exportTo("onnx", "run"), terminal.errors()).toBe(0);
    expect(terminal.output()).toContain("wrote run/deployed.onnx\n");
    expect(terminal.output()).toContain("repqc verify run/deployed.onnx\n");
    const { input, output } = integerOutputs(made);
    const onnx = await runOnnx(new Uint8Array(readFileSync(at("run/deployed.onnx"))), input);
    expect(compareOutputs(output, onnx).differing).toBe(0);
    const record = JSON.parse(readFileSync(at("run/run.json"), "utf8"));
    const specs = record.specs as { file: string; sha256: string }[];
    expect(specs.length).toBeGreaterThan(1);
    expect(metadataOf(at("run/deployed.onnx"))).toMatchObject({
      "repqc.source": "net.repq",
      "repqc.entry": "Net",
      "repqc.policy": "RepQ(bits: 4)",
      "repqc.sha256.weights": expect.stringMatching(/^[0-9a-f]{64}$/),
      ...Object.fromEntries(specs.map(({ file, sha256 }) => [`repqc.sha256.${file}`, sha256])),
    });

    expect(await exportTo("tfjs", "run"), terminal.errors()).toBe(0);
    expect(terminal.output()).toContain(
      "wrote run/deployed-tfjs: model.json and 1 file of weights\n",
    );
    const files = filesOf(at("run/deployed-tfjs"));
    expect([...files.keys()]).toEqual(["group1-shard1of1.bin", "model.json"]);
    expect(compareOutputs(output, await runTfjs(files, input)).differing).toBe(0);
  });

  it("exports what is verified", async () => {
    const { terminal, exportTo } = await trained();
    expect(await exportTo("onnx", "run", "-o", "model.onnx"), terminal.errors()).toBe(0);
    expect(terminal.output()).toContain("repqc verify model.onnx --run run\n");
    const verify = ["verify", "model.onnx", "--run", "run", "--inputs", "5", "--backend", "cpu"];
    expect(await main(verify, terminal), terminal.errors()).toBe(0);
  });

  it("leaves quantizers out with --float", async () => {
    const { terminal, at, exportTo } = await trained();
    expect(await exportTo("onnx", "run", "--float"), terminal.errors()).toBe(0);
    expect(terminal.output()).toContain(
      "wrote run/deployed-float.onnx\nNet of net.repq, in floating point\n",
    );
    const bytes = new Uint8Array(readFileSync(at("run/deployed-float.onnx")));
    const ops = fromBinary(ModelProtoSchema, bytes).graph?.node.map(({ opType }) => opType);
    expect(ops).not.toContain("QuantizeLinear");
    expect(metadataOf(at("run/deployed-float.onnx"))["repqc.policy"]).toBe("none");
    const input = randomTensor(Random.fromSeed(1), [2, 6, 6, 1]);
    expect(await exportTo("tfjs", "run", "--float", "-o", "float")).toBe(0);
    const got = await runTfjs(filesOf(at("float")), input);
    const onnx = await runOnnx(bytes, input);
    expect(compareOutputs(got, onnx).largest).toBeLessThan(1e-5);
  });

  it("takes the last checkpoint of a run that has not finished, and says so", async () => {
    const made = await trained();
    const { terminal, at, exportTo } = made;
    const { input, output } = integerOutputs(made);
    for (const name of ["weights", "deployed"]) rmSync(at(`run/${name}.safetensors`));
    expect(await exportTo("onnx", "run"), terminal.errors()).toBe(0);
    expect(terminal.errors()).toContain(
      "note: these are the weights of the checkpoint after step 6",
    );
    const bytes = new Uint8Array(readFileSync(at("run/deployed.onnx")));
    expect(compareOutputs(output, await runOnnx(bytes, input)).compared).toBe(15);
  });

  it("replaces a model's folder as a whole, and no other folder", async () => {
    const { terminal, at, exportTo } = await trained();
    expect(await exportTo("tfjs", "run", "-o", "model")).toBe(0);
    const before = filesOf(at("model"));
    expect(await exportTo("tfjs", "run", "-o", "model")).toBe(0);
    expect(filesOf(at("model"))).toEqual(before);
    writeFileSync(at("model/notes.txt"), "mine");
    expect(await exportTo("tfjs", "run", "-o", "model")).toBe(1);
    expect(terminal.errors()).toContain(
      "it holds `notes.txt`, which is no part of an exported model",
    );
    expect(filesOf(at("model")).size).toBe(before.size + 1);
    expect(await exportTo("tfjs", "run", "-o", "net.repq")).toBe(1);
    expect(readFileSync(at("net.repq"), "utf8")).toBe(netSpec);
  });

  it("refuses what it cannot export", async () => {
    const { terminal, at, train, exportTo } = world();
    expect(await train("--quant", "repq:quant/uniform#Branches", "-o", "branches")).toBe(0);
    expect(await exportTo("onnx", "branches")).toBe(1);
    expect(terminal.errors()).toContain("quant/cannot-merge");
    expect(await exportTo("onnx", "branches", "--entry", "Net")).toBe(1);
    expect(terminal.errors()).toContain("a run is exported as it was trained");
    mkdirSync(at("empty"));
    expect(await exportTo("onnx", "empty")).toBe(1);
    expect(terminal.errors()).toContain("name a folder that `repqc train -o FOLDER` made");
    cpSync(at("branches"), at("cut"), { recursive: true });
    writeFileSync(at("cut/run.json"), "{");
    expect(await exportTo("onnx", "cut")).toBe(1);
    expect(existsSync(at("cut/deployed.onnx"))).toBe(false);
  });
});

describe("repqc export of a spec", () => {
  it("merges trained weights, and takes deployed ones as they are", async () => {
    const { terminal, at, exportTo } = world();
    const weights = await randomWeights(terminal, "net.repq", "--entry", "Net");
    save(terminal, "w.safetensors", weights);
    const spec = ["net.repq", "--entry", "Net"];
    expect(await exportTo("onnx", ...spec, "--weights", "w.safetensors"), terminal.errors()).toBe(
      0,
    );
    expect(terminal.output()).toContain("wrote Net.onnx\n");
    const verify =
      "repqc verify net.repq --entry Net --weights w.safetensors --onnx Net.onnx --input FILE.safetensors\n";
    expect(terminal.output()).toContain(verify);
    const input = randomTensor(Random.fromSeed(2), [2, 6, 6, 1]);
    save(terminal, "x.safetensors", new Map([["input", input]]));
    const run = ["--weights", "w.safetensors", "--input", "x.safetensors", "--mode", "merged"];
    expect(
      await main(["run", ...spec, ...run, "--backend", "cpu", "-o", "y.safetensors"], terminal),
    ).toBe(0);
    const results = load(terminal, "y.safetensors");
    const merged = [...results].filter(([path]) => path.startsWith("merged."));
    save(terminal, "d.safetensors", new Map(merged.map(([path, one]) => [path.slice(7), one])));
    expect(await exportTo("onnx", ...spec, "--weights", "d.safetensors", "-o", "d.onnx")).toBe(0);
    const [a, b] = ["Net.onnx", "d.onnx"].map((file) => new Uint8Array(readFileSync(at(file))));
    const [fromTrained, fromDeployed] = [await runOnnx(a!, input), await runOnnx(b!, input)];
    expect(fromDeployed).toEqual(fromTrained);
    expect(compareOutputs(results.get("output")!, fromTrained).largest).toBeLessThan(1e-5);
  });

  it("says what is missing", async () => {
    const { terminal, at, exportTo } = world();
    const weights = await randomWeights(terminal, "net.repq", "--entry", "Net");
    save(terminal, "w.safetensors", weights);
    const spec = ["net.repq", "--entry", "Net"];
    expect(await exportTo("onnx", ...spec)).toBe(1);
    expect(terminal.errors()).toContain(
      "name a file of weights, a checkpoint, or the folder of a run",
    );
    const quantized = [...spec, "--quant", policy, "--weights", "w.safetensors"];
    expect(await exportTo("onnx", ...quantized)).toBe(1);
    expect(terminal.errors()).toMatch(/`w\.safetensors` has no weight `.*step`/);
    const branches = [
      ...spec,
      "--quant",
      "repq:quant/uniform#Branches",
      "--weights",
      "w.safetensors",
    ];
    expect(await exportTo("tfjs", ...branches)).toBe(1);
    expect(terminal.errors()).toContain("quant/cannot-merge");
    expect(
      await exportTo("onnx", ...spec, "--weights", "w.safetensors", "-o", "w.safetensors"),
    ).toBe(1);
    expect(load(terminal, "w.safetensors")).toEqual(weights);
    expect(readdirSync(at(".")).toSorted()).toEqual(["images", "net.repq", "w.safetensors"]);
  });
});
