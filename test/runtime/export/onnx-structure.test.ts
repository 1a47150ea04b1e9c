import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, TensorProto_DataType as DataType, type ModelProto } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { exportOnnx, type OnnxOptions } from "../../../runtime/export/index.ts";
import { quantize } from "../../../runtime/integer/index.ts";
import { plainLayer, type Choice } from "../integer/random-choice.ts";
import { randomProgram } from "../integer/random-program.ts";

const choice: Choice = {
  seed: 11,
  inputBits: 4,
  kernelBits: 4,
  isDyadic: false,
  isSigned: false,
  hasHead: true,
  layers: [
    { ...plainLayer, widen: 2 },
    { ...plainLayer, kind: "residual" },
  ],
};

const generator = "repqc 0.1.0";

function exported(change: Partial<Choice> = {}, options: Partial<OnnxOptions> = {}) {
  const random = randomProgram({ ...choice, ...change });
  const file = exportOnnx(random.program, random.weights, { generator, ...options });
  return { ...random, file, model: fromBinary(ModelProtoSchema, file.bytes) };
}

function initializer(model: ModelProto, name: string) {
  const found = model.graph?.initializer.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`no initializer ${name}`);
  return found;
}

function opTypes(model: ModelProto): string[] {
  return model.graph?.node.map(({ opType }) => opType) ?? [];
}

/** Sizes of a graph's input or output: numbers, or the name of a dynamic one. */
function sizesOf(value: { type?: { value: { value?: unknown } } } | undefined) {
  const tensor = value?.type?.value.value as { shape: { dim: { value: { value: unknown } }[] } };
  return tensor.shape.dim.map((dim) => dim.value.value);
}

/** ONNX types of a network's first kernel and of its quantized activations. */
function typesOf(inputBits: number, kernelBits: number, isSigned: boolean) {
  const { model } = exported({ inputBits, kernelBits, isSigned });
  const zero = (model.graph?.initializer ?? []).filter(({ name }) => name.startsWith("zero."));
  const kernel = DataType[initializer(model, "s.0.kernel").dataType];
  const names = zero.map(({ name }) => name.slice("zero.".length)).toSorted();
  return { kernel, inputs: names, clips: opTypes(model).includes("Clip") };
}

describe("an exported ONNX file", () => {
  it("says what it is and where it comes from", () => {
    const { model } = exported({}, { metadata: { "repqc.hash": "abc" } });
    expect(model.irVersion).toBe(10n);
    expect(model.opsetImport).toMatchObject([{ domain: "", version: 21n }]);
    expect([model.producerName, model.producerVersion]).toEqual(["repqc", "0.1.0"]);
    expect(model.docString).toContain("Random of specs/random.repq, policy random");
    expect(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      "repqc.source": "specs/random.repq",
      "repqc.entry": "Random",
      "repqc.policy": "random",
      "repqc.generator": generator,
      "repqc.hash": "abc",
    });
  });

  it("has NCHW input and output with a dynamic batch", () => {
    const { model } = exported();
    expect(model.graph?.input[0]?.name).toBe("input");
    expect(sizesOf(model.graph?.input[0])).toEqual(["batch", 4n, 6n, 5n]);
    expect(model.graph?.output[0]?.name).toBe("output");
    expect(sizesOf(model.graph?.output[0])).toEqual(["batch", 5n]);
  });

  it("defines every name once and before its use", () => {
    const { model } = exported({ inputBits: 5 });
    const { node = [], initializer: tensors = [] } = model.graph ?? {};
    const defined = new Set(["input", ...tensors.map(({ name }) => name)]);
    expect(defined.size).toBe(1 + tensors.length);
    for (const { input, output } of node) {
      for (const name of input) expect(defined).toContain(name);
      for (const name of output) {
        expect(defined).not.toContain(name);
        defined.add(name);
      }
    }
    expect(defined).toContain("output");
  });

  it("names tensors by paths of the spec and stores 4-bit kernels two levels to a byte", () => {
    const { model, weights } = exported();
    const kernel = initializer(model, "s.0.kernel");
    expect(kernel.dataType).toBe(DataType.INT4);
    expect(kernel.dims).toEqual([8n, 4n, 3n, 3n]);
    expect(kernel.rawData).toHaveLength((8 * 4 * 3 * 3) / 2);
    const range = { low: -8, high: 7 };
    const step = weights.get("s.0.kernel.step")!.data;
    const { levels } = quantize(weights.get("s.0.kernel")!, step, range, "s.0.kernel").value;
    // Output 5, input 2, row 1, column 0: place 5·36 + 2·9 + 1·3 + 0 in OIHW, (1·3 + 0)·4·8 + 2·8 + 5 in HWIO.
    const byte = kernel.rawData[201 >> 1]!;
    const nibble = (byte >> 4) & 15;
    expect(nibble > 7 ? nibble - 16 : nibble).toBe(levels[3 * 32 + 2 * 8 + 5]);
    for (const name of ["s.0.multiplier", "s.0.bias", "s.0.input.step", "s.1.kernel"])
      expect(initializer(model, name).rawData.length).toBeGreaterThan(0);
    const names = model.graph?.node.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["s.0.sums", "s.0.scaled", "s.0.conv", "s.0.relu"]),
    );
  });

  it("chooses the smallest types, and clips where the type is wider than the bits", () => {
    expect(typesOf(8, 8, true)).toEqual({ kernel: "INT8", inputs: ["INT8"], clips: false });
    expect(typesOf(8, 5, false)).toEqual({
      kernel: "INT8",
      inputs: ["INT8", "UINT8"],
      clips: false,
    });
    expect(typesOf(4, 4, false)).toEqual({
      kernel: "INT4",
      inputs: ["INT8", "UINT8"],
      clips: true,
    });
    expect(typesOf(3, 2, false)).toEqual({
      kernel: "INT4",
      inputs: ["INT8", "UINT8"],
      clips: true,
    });
    expect(typesOf(6, 6, true)).toEqual({ kernel: "INT8", inputs: ["INT8"], clips: true });
  });

  it("has no quantizers and ordinary convolutions in floating point", () => {
    const { model, file } = exported({ quantizes: "none" });
    const ops = new Set(opTypes(model));
    for (const op of ["QuantizeLinear", "DequantizeLinear", "Mul"]) expect(ops).not.toContain(op);
    expect(ops).toContain("GlobalAveragePool");
    expect(initializer(model, "s.0.kernel").dataType).toBe(DataType.FLOAT);
    expect(file.weightBytes.stored).toBe(file.weightBytes.float);
  });

  it("puts steps into DequantizeLinear on demand", () => {
    const { model, weights } = exported({}, { scales: "in-dequantize" });
    const conv = model.graph?.node.find(({ name }) => name === "s.0.conv");
    expect(conv).toMatchObject({
      opType: "Conv",
      input: [expect.anything(), expect.anything(), "s.0.bias"],
    });
    const dequantize = model.graph?.node.find(({ output }) => output[0] === conv?.input[1]);
    expect(dequantize).toMatchObject({
      opType: "DequantizeLinear",
      input: ["s.0.kernel", "s.0.kernel.step"],
    });
    expect(dequantize?.attribute).toMatchObject([{ name: "axis", i: 0n }]);
    const { rawData } = initializer(model, "s.0.kernel.step");
    expect(new Float32Array(rawData.slice().buffer)).toEqual(weights.get("s.0.kernel.step")?.data);
  });

  it("reports the size of its weights", () => {
    const { program, file, model } = exported();
    const numbers = program.deployed
      .filter(({ role }) => role !== "step")
      .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
    expect(file.weightBytes.float).toBe(4 * numbers);
    const stored = model.graph?.initializer.reduce((sum, { rawData }) => sum + rawData.length, 0);
    expect(file.weightBytes.stored).toBe(stored);
    expect(file.weightBytes.stored).toBeLessThan(file.weightBytes.float / 3);
  });

  it("is the same to the byte each time", () => {
    expect(exported().file.bytes).toEqual(exported().file.bytes);
  });

  it("is refused for weights that do not fit", () => {
    const { program, weights } = randomProgram(choice);
    const broken = new Map(weights);
    broken.delete("s.0.bias");
    expect(() => exportOnnx(program, broken, { generator })).toThrow(/s\.0\.bias is missing/);
    const scalar = { shape: [], data: Float32Array.of(-1) };
    broken.set("s.0.bias", weights.get("s.0.bias")!).set("s.0.input.step", scalar);
    expect(() => exportOnnx(program, broken, { generator })).toThrow(/step at s\.0\.input is -1/);
  });
});

const hasChecker = spawnSync("python3", ["-c", "import onnx"]).status === 0;
if (!hasChecker) console.log("onnx.checker is skipped: python3 has no onnx package");

describe.skipIf(!hasChecker)("onnx.checker", () => {
  it("accepts every form", () => {
    const folder = mkdtempSync(join(tmpdir(), "repqc-onnx-"));
    try {
      const forms = [
        exported(),
        exported({ inputBits: 3, kernelBits: 8 }),
        exported({}, { scales: "in-dequantize" }),
        exported({ quantizes: "none" }),
      ];
      const paths = forms.map(({ file }, i) => {
        const path = join(folder, `${i}.onnx`);
        writeFileSync(path, file.bytes);
        return path;
      });
      const code =
        "import onnx, sys\nfor p in sys.argv[1:]: onnx.checker.check_model(onnx.load(p), full_check=True)";
      const { status, stderr } = spawnSync("python3", ["-c", code, ...paths], { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
