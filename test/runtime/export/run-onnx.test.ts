import { afterEach, describe, expect, it, vi } from "vitest";
import {
  compareOutputs,
  exportOnnx,
  OnnxRunFailed,
  runOnnx,
} from "../../../runtime/export/index.ts";
import { plainLayer } from "../integer/random-choice.ts";
import { randomProgram } from "../integer/random-program.ts";

const widths = { seed: 5, inputBits: 8, kernelBits: 8, isDyadic: false, isSigned: false };
const random = randomProgram({ ...widths, hasHead: false, layers: [plainLayer] }, 5);
const { bytes } = exportOnnx(random.program, random.weights, { generator: "repqc test" });

afterEach(() => {
  vi.doUnmock("onnxruntime-node");
  vi.resetModules();
});

describe("execution in onnxruntime", () => {
  it("gives the same for any size of batch, and reports its progress", async () => {
    const seen: number[] = [];
    const onProgress = (done: number) => void seen.push(done);
    const parts = await runOnnx(bytes, random.input, { batch: 2, threads: 1, onProgress });
    const whole = await runOnnx(bytes, random.input, { batch: 100, threads: 1 });
    expect(parts.shape).toEqual([5, 6, 5, 4]);
    expect(parts).toEqual(whole);
    expect(seen).toEqual([2, 4, 5]);
  });

  it("says what onnxruntime refused", async () => {
    const cut = bytes.slice(0, bytes.length / 2);
    await expect(runOnnx(cut, random.input)).rejects.toThrow(OnnxRunFailed);
    await expect(runOnnx(cut, random.input)).rejects.toThrow(/could not execute the model: ./);
    const wrong = { shape: [1, 3, 3, 2], data: new Float32Array(18) };
    await expect(runOnnx(bytes, wrong)).rejects.toThrow(OnnxRunFailed);
  });

  it("says how to install onnxruntime-node where it is missing", async () => {
    vi.resetModules();
    vi.doMock("onnxruntime-node", () => {
      throw new Error("Cannot find package 'onnxruntime-node'");
    });
    const fresh = await import("../../../runtime/export/index.ts");
    const run = fresh.runOnnx(bytes, random.input);
    await expect(run).rejects.toThrow(fresh.OnnxRuntimeMissing);
    await expect(fresh.runOnnx(bytes, random.input)).rejects.toThrow(
      /npm install onnxruntime-node/,
    );
  });
});

describe("comparison of outputs", () => {
  it("finds equal what is equal, zeros of both signs included", () => {
    const verdict = compareOutputs(tensor(0, 3, 1, 2), tensor(-0, 3, 1, 2));
    expect(verdict).toEqual({ compared: 4, differing: 0, largest: 0 });
  });

  it("counts NaN against NaN as different: two dead networks prove nothing", () => {
    const verdict = compareOutputs(tensor(0, NaN, 1, 2), tensor(0, NaN, 1, 2));
    expect(verdict).toMatchObject({ compared: 4, differing: 1, largest: Infinity });
  });

  it("counts differences, and finds the largest", () => {
    const [a, b] = [tensor(1, 2, 3, 4), tensor(1, 2.5, 3.25, 4)];
    expect(compareOutputs(a, b)).toEqual({ compared: 4, differing: 2, largest: 0.5 });
  });

  it("counts a number against NaN as infinitely different", () => {
    expect(compareOutputs(tensor(1, 2, 3, 4), tensor(1, 2, 3, NaN))).toMatchObject({
      differing: 1,
      largest: Infinity,
    });
  });
});

function tensor(...data: number[]) {
  return { shape: [2, 2], data: Float32Array.from(data) };
}
