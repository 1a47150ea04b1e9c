import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { netSpec, writeIdxFolder } from "./train-world.ts";
import { quant, verifyWorld as world } from "./verify-world.ts";

const engineNames = [
  "merged graph",
  "integers",
  "onnxruntime, disabled",
  "onnxruntime, basic",
  "onnxruntime, extended",
  "onnxruntime, all",
  "tfjs GraphModel",
];

describe("repqc verify", () => {
  it("compares every engine with the training graph on the run's own test data", async () => {
    const { at, verify } = await world(quant);
    const { exitCode, text, errors } = await verify("run", "-o", "verdict.json");
    expect(exitCode, text + errors).toBe(0);
    const lines = text.split("\n");
    for (const name of engineNames) {
      const line = lines.find((one) => one.startsWith(name));
      expect(line, name).toMatch(/training graph +0 +0 +0 +same bits$/);
    }
    const merge = lines.find((one) => one.startsWith("merged, floating point"));
    expect(merge).toMatch(/branches, floating point +\d+ .* of terms +within \S+e-\d/);
    expect(text).toContain(
      "Net of net.repq, quantized by RepQ(bits: 4), weights run/weights.safetensors",
    );
    expect(text).toContain(": 12 inputs, 36 outputs from each engine");
    expect(text).toMatch(/integers: [\d,]+ sums, .* 0 beyond 2\^24, .* rounding ties in/);
    expect(text).toMatch(/\nverified\n$/);
    const verdict = JSON.parse(readFileSync(at("verdict.json"), "utf8"));
    expect(verdict).toMatchObject({
      format: "repqc-verdict",
      verified: true,
      model: {
        entry: "Net",
        policy: "RepQ(bits: 4)",
        weights: { sha256: expect.stringMatching(/^\w{64}$/) },
      },
      inputs: { compared: 12, outputs: 36 },
      integers: { tiedExamples: expect.any(Number) },
    });
    const names = verdict.engines.map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual([...engineNames, "merged, floating point"]);
    const json = await verify("run", "--inputs", "5", "--format", "json", "-o", "verdict.txt");
    expect(JSON.parse(json.text)).toMatchObject({ inputs: { compared: 5 }, verified: true });
    expect(readFileSync(at("verdict.txt"), "utf8")).toMatch(/5 of 12 inputs, 15 outputs/);
  });

  it("compares a run in floating point within rounding", async () => {
    const { verify } = await world();
    const { exitCode, text } = await verify("run");
    expect(exitCode, text).toBe(0);
    expect(text).toMatch(/integers +training graph +not run: the model's activations/);
    expect(text).toMatch(/onnxruntime, all +training graph +\d+ .*of terms +within \S+e-\d/);
    expect(text).not.toContain("same bits");
  });

  it("holds a file against the run beside it, and finds what was changed in it", async () => {
    const { at, call, edit, verify } = await world(quant);
    expect((await call("export", "run", "--to", "onnx")).exitCode).toBe(0);
    const whole = await verify("run/deployed.onnx");
    expect(whole.exitCode, whole.text).toBe(0);
    expect(whole.text).toContain("run/deployed.onnx computes what a fresh export does");
    expect(whole.text).toContain("onnxruntime executes run/deployed.onnx");

    edit("run/deployed.onnx", "run/changed.onnx", ({ graph }) => {
      const bias = graph!.initializer.find(({ name }) => name.endsWith("bias"))!;
      new DataView(bias.rawData.buffer, bias.rawData.byteOffset).setFloat32(0, 3, true);
    });
    const changed = await verify("run/changed.onnx", "-o", "verdict.json");
    expect(changed.exitCode, changed.text).toBe(1);
    expect(changed.text).toMatch(/onnxruntime, all +training graph +\d+ +0 .* UNEXPLAINED/);
    expect(changed.text).toMatch(/integers +training graph +0 +0 +0 +same bits/);
    expect(changed.text).toMatch(
      /is NOT what the model is exported to: it has other numbers in .*bias/,
    );
    expect(changed.text).toMatch(
      /output \[0, 0\] is .* NOT explained: all that it depends on is exact/,
    );
    expect(changed.text).toMatch(/NOT VERIFIED/);
    expect(JSON.parse(readFileSync(at("verdict.json"), "utf8"))).toMatchObject({
      verified: false,
      file: { changes: { constants: [expect.stringContaining("bias")], isGraphChanged: false } },
    });

    edit("run/deployed.onnx", "run/broken.onnx", ({ graph }) => {
      graph!.node.find(({ opType }) => opType === "Mul")!.opType = "NoSuchOperation";
    });
    const broken = await verify("run/broken.onnx");
    expect(broken.exitCode).toBe(1);
    expect(broken.text).toMatch(/onnxruntime, all +training graph +FAILED: .*NoSuchOperation/);
    expect(broken.text).toContain("it has another graph");

    mkdirSync(at("elsewhere"));
    copyFileSync(at("run/deployed.onnx"), at("elsewhere/net.onnx"));
    const named = await verify("elsewhere/net.onnx", "--run", "run", "--inputs", "2");
    expect(named.exitCode, named.text).toBe(0);
    const onnx = await verify("run", "--onnx", "elsewhere/net.onnx", "--inputs", "2");
    expect(onnx.text).toBe(named.text);
  });

  it("holds a GraphModel of TensorFlow.js against its run, too", async () => {
    const { at, call, verify, inputs } = await world(quant);
    const exported = await call("export", "run", "--to", "tfjs");
    expect(exported.text).toContain("repqc verify run/deployed-tfjs\n");
    for (const named of ["run/deployed-tfjs", "run/deployed-tfjs/model.json"]) {
      const whole = await verify(named, "--inputs", "5");
      expect(whole.exitCode, whole.text + whole.errors).toBe(0);
      expect(whole.text).toContain(`${named} computes what a fresh export does`);
      expect(whole.text).toContain(`TensorFlow.js executes ${named}`);
    }
    const json = at("run/deployed-tfjs/model.json");
    const model = JSON.parse(readFileSync(json, "utf8"));
    const [{ paths, weights }] = model.weightsManifest;
    const shard = at(`run/deployed-tfjs/${paths[0]}`);
    const before = readFileSync(shard);
    const bias = weights.findIndex(({ name }: { readonly name: string }) => name.endsWith("bias"));
    const sizeOf = (one: (typeof weights)[number]) =>
      one.shape.reduce((product: number, n: number) => product * n, 1) * (one.quantization ? 1 : 4);
    const start = weights
      .slice(0, bias)
      .reduce((sum: number, one: (typeof weights)[number]) => sum + sizeOf(one), 0);
    const changed = new Uint8Array(before);
    new DataView(changed.buffer).setFloat32(start, 3, true);
    writeFileSync(shard, changed);
    const edited = await verify("run", "--tfjs", "run/deployed-tfjs");
    expect(edited.exitCode, edited.text).toBe(1);
    expect(edited.text).toMatch(/tfjs GraphModel +training graph +\d+ +0 .* UNEXPLAINED/);
    expect(edited.text).toContain(`it has other numbers in ${weights[bias].name}\n`);
    expect(edited.text).toMatch(/onnxruntime, all +training graph +0 +0 +0 +same bits/);
    writeFileSync(shard, before);
    model.modelTopology.node.find(({ op }: { readonly op: string }) => op === "Relu").op = "Relu6";
    writeFileSync(json, JSON.stringify(model));
    const wired = await verify("run/deployed-tfjs");
    expect(wired.exitCode).toBe(1);
    expect(wired.text).toContain("it has another graph");

    await call("export", "run", "--to", "tfjs", "--float", "-o", "elsewhere");
    const alone = await verify("elsewhere");
    expect(alone.exitCode).toBe(1);
    expect(alone.errors).toContain("name the run with `--run RUN`");
    const float = await verify("elsewhere", "--run", "run");
    expect(float.exitCode, float.text + float.errors).toBe(0);
    rmSync(at(`elsewhere/${paths[0]}`));
    expect((await verify("elsewhere", "--run", "run")).errors).toContain(paths[0]);
    writeFileSync(at("elsewhere/model.json"), "{}");
    expect((await verify("elsewhere", "--run", "run")).errors).toContain(
      "it is no GraphModel of TensorFlow.js",
    );
    inputs("x.safetensors");
    const spec = ["net.repq", "--entry", "Net", ...quant, "--weights", "run"];
    const named = await call("export", ...spec, "--to", "tfjs", "-o", "own");
    const verifyOwn = "--weights run --tfjs own --input FILE.safetensors\n";
    expect(named.text).toContain(verifyOwn);
    const own = await verify(...spec, "--tfjs", "own", "--input", "x.safetensors");
    expect(own.exitCode, own.text + own.errors).toBe(0);
  });

  it("holds a file in floating point against the branches in floating point", async () => {
    const { call, verify } = await world(quant);
    expect((await call("export", "run", "--to", "onnx", "--float")).exitCode).toBe(0);
    const { exitCode, text } = await verify("run/deployed-float.onnx");
    expect(exitCode, text).toBe(0);
    expect(text).toContain("Net of net.repq, in floating point");
    expect(text).toMatch(/onnxruntime, all +training graph +\d+ .*of terms +within/);
    expect(text).toContain("computes what a fresh export does");
  });

  it("compares onnxruntime's levels alone where there is no run, and says so", async () => {
    const { at, call, verify, inputs } = await world(quant);
    await call("export", "run", "--to", "onnx", "-o", "alone/net.onnx");
    rmSync(at("run"), { recursive: true });
    inputs("x.safetensors");
    const without = await verify("alone/net.onnx");
    expect(without.exitCode).toBe(1);
    expect(without.errors).toContain("error[artefact/foreign-model]");
    expect(without.errors).toContain("no run is in its folder or the one above");
    expect(without.errors).toContain("--run RUN");
    const { exitCode, text } = await verify("alone/net.onnx", "--input", "x.safetensors");
    expect(exitCode, text).toBe(0);
    expect(text).toMatch(/onnxruntime, all +onnxruntime, disabled +0 +0 +0 +same bits/);
    expect(text).toContain("whether alone/net.onnx is what was trained was not verified");
    expect(text).toContain("compared with itself alone");
  });

  it("verifies a spec with weights, of which branches are gone where they are merged", async () => {
    const { verify, inputs, train } = await world(quant);
    inputs("x.safetensors");
    const spec = ["net.repq", "--entry", "Net", ...quant, "--input", "x.safetensors"];
    const trained = await verify(...spec, "--weights", "run");
    expect(trained.exitCode, trained.text + trained.errors).toBe(0);
    expect(trained.text).toContain("on `x.safetensors`: 4 inputs, 12 outputs");
    expect(trained.text).toContain("merged, floating point");
    const merged = await verify(...spec, "--weights", "run/deployed.safetensors");
    expect(merged.exitCode, merged.text).toBe(0);
    expect(merged.text).toMatch(/training graph +integers +not run: the weights from before/);
    expect(merged.text).toMatch(/onnxruntime, all +integers +0 +0 +0 +same bits/);
    expect(merged.text).toContain("not compared in floating point: the weights are merged already");
    const after = ["--quant", "repq:quant/uniform#Merged", "--weights", "run"];
    expect((await train("after", ...after)).exitCode).toBe(1);
    expect((await train("float")).exitCode).toBe(0);
    const policy = ["--quant", "repq:quant/uniform#Merged", "--weights", "float"];
    expect((await train("after", ...policy)).exitCode).toBe(0);
    const run = await verify("after");
    expect(run.exitCode, run.text).toBe(0);
    expect(run.text).toContain("the branches were merged before this training");
  });

  it("takes other images, and leaves the merge out where the specs were changed", async () => {
    const { at, verify } = await world(quant);
    writeIdxFolder(at("other"), { train: 3, t10k: 6 });
    writeFileSync(at("net.repq"), netSpec.replace("Mine(4) -> relu", "Mine(6) -> relu"));
    const { exitCode, text } = await verify("run", "--data", "other");
    expect(exitCode, text).toBe(0);
    expect(text).toContain(": 6 inputs, 18 outputs from each engine");
    expect(text).toContain("the specs are no longer those of the run");
    rmSync(at("images"), { recursive: true });
    const gone = await verify("run");
    expect(gone.exitCode).toBe(1);
    expect(gone.errors).toMatch(/images/);
  });
});

describe("repqc verify refuses", () => {
  it("files that are none of repqc's, or of another model", async () => {
    const { at, call, edit, train, verify } = await world(quant);
    await call("export", "run", "--to", "onnx");
    writeFileSync(at("text.onnx"), "no model");
    edit("run/deployed.onnx", "foreign.onnx", (model) => void (model.metadataProps = []));
    expect((await train("float")).exitCode).toBe(0);
    await call("export", "float", "--to", "onnx");
    const cases = [
      [["text.onnx"], /artefact\/foreign-model.*\n?.*it is no ONNX model/],
      [["foreign.onnx"], /it was not written by `repqc export`/],
      [["absent.onnx"], /absent\.onnx/],
      [
        ["run/deployed.onnx", "--run", "float"],
        /it is `Net` quantized by RepQ\(bits: 4\), and the run in `float` is `Net` in floating point/,
      ],
    ] as const;
    for (const [args, text] of cases) {
      const { exitCode, errors } = await verify(...args);
      expect(exitCode).toBe(1);
      expect(errors).toMatch(text);
    }
  });

  it("what it cannot do, with what to do", async () => {
    const { train, verify, inputs } = await world(quant);
    inputs("x.safetensors");
    const spec = ["net.repq", "--entry", "Net", ...quant];
    const cases = [
      [spec, /verifying a spec needs `--weights FILE`/],
      [[...spec, "--weights", "run"], /verifying a spec needs `--data DIR` or `--input FILE`/],
      [["run", "--run", "run"], /`--run` needs an exported model/],
      [["deployed.onnx", "--onnx", "deployed.onnx"], /`--onnx` needs a run or a spec/],
      [["run", "--quant", "RepQ"], /`--quant` needs a spec/],
      [["run", "--input", "absent.safetensors"], /absent\.safetensors/],
      [["run", "--input", "x.safetensors", "-o", "x.safetensors"], /is the same file/],
      [["images"], /run\.json/],
      [["absent"], /there is no file `absent`/],
    ] as const;
    for (const [args, text] of cases) {
      const { exitCode, errors } = await verify(...args);
      expect(exitCode).toBe(1);
      expect(errors).toMatch(text);
    }
    expect((await verify("run", "--inputs", "none")).exitCode).toBe(2);
    expect((await train("branches", "--quant", "repq:quant/uniform#Branches")).exitCode).toBe(0);
    const branches = await verify("branches");
    expect(branches.exitCode).toBe(1);
    expect(branches.errors).toContain("quant/cannot-merge");
  });
});
