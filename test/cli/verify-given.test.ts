/** What a file is, and whether anybody executed it, decides about its verdict; not what it says of itself. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { quant, verifyWorld } from "./verify-world.ts";

afterEach(() => vi.doUnmock("onnxruntime-node"));

function withoutOnnxruntime(): void {
  vi.doMock("onnxruntime-node", () => {
    throw new Error("libonnxruntime.so.1: cannot open shared object file");
  });
}

describe("a file whose engine does not load", () => {
  it("is not verified, changed or not, and nothing is claimed of it", async () => {
    const { at, call, edit, verify } = await verifyWorld(quant);
    await call("export", "run", "--to", "onnx");
    edit("run/deployed.onnx", "run/changed.onnx", ({ graph }) => {
      const conv = graph!.node.find(({ opType }) => opType === "Conv")!;
      conv.attribute.find(({ name }) => name === "pads")!.ints = [2n, 2n, 0n, 0n];
    });
    const loaded = await verify("run/changed.onnx");
    expect(loaded.exitCode).toBe(1);
    expect(loaded.text).toContain("is NOT what the model is exported to: it has another graph");
    withoutOnnxruntime();
    const changed = await verify("run/changed.onnx");
    expect(changed.exitCode, changed.text).toBe(1);
    expect(changed.text).toContain("it has another graph; it was NOT executed: the package");
    const whole = await verify("run/deployed.onnx", "-o", "verdict.json");
    expect(whole.exitCode, whole.text).toBe(1);
    expect(whole.text).toContain("run/deployed.onnx has the same graph and constants as");
    expect(whole.text).toMatch(
      /onnxruntime, all +training graph +not run: the package onnxruntime-node .* does not load/,
    );
    expect(whole.text).toMatch(/NOT VERIFIED: no engine executed run\/deployed\.onnx\n$/);
    expect(JSON.parse(readFileSync(at("verdict.json"), "utf8"))).toMatchObject({
      verified: false,
      conclusion: "NOT VERIFIED: no engine executed run/deployed.onnx",
      file: { changes: { constants: [], isGraphChanged: false } },
    });
    for (const { text } of [changed, whole]) {
      expect(text).not.toContain("computes what a fresh export does");
      expect(text).not.toContain("onnxruntime executes");
    }
    // Without a file it is no fault of the model.
    const run = await verify("run");
    expect(run.exitCode, run.text).toBe(0);
  });
});

describe("a file from another backend", () => {
  it("is verified where it was merged, whatever is chosen", async () => {
    const { call, verify } = await verifyWorld(quant);
    for (const [to, file] of [
      ["tfjs", "run/deployed-tfjs"],
      ["onnx", "run/deployed.onnx"],
    ] as const) {
      await call("export", "run", "--to", to, "--backend", "wasm");
      const { exitCode, text, errors } = await verify(file);
      expect(exitCode, text + errors).toBe(0);
      expect(text).toContain(`computed on wasm, where ${file} was merged, and not on cpu`);
      expect((await verify(file, "--backend", "wasm")).text).not.toContain("note:");
    }
  });

  it("is not called changed where that backend is not here", async () => {
    const { call, edit, verify } = await verifyWorld(quant);
    await call("export", "run", "--to", "onnx");
    edit("run/deployed.onnx", "run/other.onnx", ({ graph, metadataProps }) => {
      metadataProps.find(({ key }) => key === "repqc.merged-on")!.value = "abacus";
      const bias = graph!.initializer.find(({ name }) => name.endsWith("bias"))!;
      bias.rawData[0]! ^= 1;
    });
    const { exitCode, text } = await verify("run/other.onnx");
    expect(exitCode).toBe(1);
    expect(text).toContain("was merged on abacus, which is not here");
    expect(text).toMatch(/NOT VERIFIED: only abacus, where the file was merged, has its last bits/);
    expect(text).not.toContain("the file was changed");
  });
});

describe("a damaged GraphModel", () => {
  it("is refused in words, whatever is wrong with it", async () => {
    const { at, call, verify } = await verifyWorld(quant);
    await call("export", "run", "--to", "tfjs");
    const json = at("run/deployed-tfjs/model.json");
    const model = JSON.parse(readFileSync(json, "utf8"));
    const group = model.weightsManifest[0];
    const damaged = [
      { weightsManifest: [{ paths: [], weights: [{}] }] },
      { modelTopology: { ...model.modelTopology, node: [null] } },
      { weightsManifest: [{ ...group, paths: [5] }] },
      { weightsManifest: [{ ...group, paths: ["../../net.repq"] }] },
      { weightsManifest: [{ ...group, paths: ["/etc/hostname"] }] },
      { weightsManifest: [{ ...group, paths: ["C:\\shard.bin"] }] },
      { weightsManifest: [null] },
      { userDefinedMetadata: null },
    ];
    for (const one of damaged) {
      writeFileSync(json, JSON.stringify({ ...model, ...one }));
      const { exitCode, errors } = await verify("run/deployed-tfjs");
      expect(exitCode, JSON.stringify(one)).toBe(1);
      expect(errors).toContain("it is no GraphModel of TensorFlow.js, or it is cut off");
      expect(errors).not.toContain("has a bug");
    }
  });
});

describe("a file alone", () => {
  it("has an input of one size", async () => {
    const { at, call, edit, verify, inputs } = await verifyWorld(quant);
    await call("export", "run", "--to", "onnx", "-o", "alone/net.onnx");
    edit("alone/net.onnx", "alone/open.onnx", ({ graph }) => {
      const type = graph!.input[0]!.type!.value;
      if (type.case !== "tensorType") throw new Error("no tensor");
      type.value.shape!.dim[2]!.value = { case: "dimParam", value: "height" };
    });
    rmSync(at("run"), { recursive: true });
    inputs("x.safetensors");
    const { exitCode, errors } = await verify("alone/open.onnx", "--input", "x.safetensors");
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/foreign-model.*it has not one input whose sizes.* are all fixed/);
  });
});

describe("a verdict", () => {
  it("replaces nothing that is read", async () => {
    const { at, call, verify } = await verifyWorld(quant);
    await call("export", "run", "--to", "tfjs");
    await call("export", "run", "--to", "onnx");
    const record = JSON.parse(readFileSync(at("run/run.json"), "utf8"));
    expect(record.asked.file).toBe("../net.repq");
    const cases = [
      ["run", "run/weights.safetensors"],
      ["run", "run/run.json"],
      ["run", "run/checkpoints/last.json"],
      ["run", "net.repq"],
      ["run/deployed-tfjs", "run/deployed-tfjs/model.json"],
      ["run/deployed-tfjs/model.json", "run/deployed-tfjs/group1-shard1of1.bin"],
      ["run/deployed.onnx", "run/deployed.onnx"],
      ["run/deployed.onnx", "run/weights.safetensors"],
    ] as const;
    for (const [what, out] of cases) {
      const before = readFileSync(at(out));
      const { exitCode, errors } = await verify(what, "-o", out);
      expect(exitCode, out).toBe(1);
      expect(errors).toMatch(/artefact\/unwritable.*is the same file/);
      expect(readFileSync(at(out))).toEqual(before);
    }
    for (const file of ["run.json", "deployed.safetensors", "checkpoints/last.json"]) {
      const before = readFileSync(at(`run/${file}`));
      const { exitCode, errors } = await call("export", "run", "--to", "onnx", "-o", `run/${file}`);
      expect(exitCode, file).toBe(1);
      expect(errors).toContain(`the run's ${file} is the same file`);
      expect(readFileSync(at(`run/${file}`))).toEqual(before);
    }
    for (let i = 0; i < 2; i++) {
      expect((await verify("run", "--inputs", "2", "-o", "run/verdict.json")).exitCode).toBe(0);
    }
  });
});
