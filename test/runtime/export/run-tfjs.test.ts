import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { exportTfjs, modelFile, runTfjs, TfjsRunFailed } from "../../../runtime/export/index.ts";
import { tf } from "../../../runtime/tensors.ts";
import { plainLayer } from "../integer/random-choice.ts";
import { randomProgram } from "../integer/random-program.ts";

const widths = { seed: 5, inputBits: 8, kernelBits: 8, isDyadic: false, isSigned: false };
const random = randomProgram({ ...widths, hasHead: false, layers: [plainLayer] }, 5);
const { files } = exportTfjs(random.program, random.weights, { generator: "repqc test" });

describe("execution of a GraphModel", () => {
  beforeAll(async () => void (await openBackend("cpu")));

  it("gives the same for any size of batch, reports its progress, and leaves no tensor behind", async () => {
    const seen: number[] = [];
    const onProgress = (done: number) => void seen.push(done);
    const before = tf.memory().numTensors;
    const parts = await runTfjs(files, random.input, { batch: 2, onProgress });
    expect(tf.memory().numTensors).toBe(before);
    expect(parts.shape).toEqual([5, 6, 5, 4]);
    expect(await runTfjs(files, random.input)).toEqual(parts);
    expect(seen).toEqual([2, 4, 5]);
  });

  it("says what TensorFlow.js refused", async () => {
    const before = tf.memory().numTensors;
    const wrong = { shape: [1, 3, 3, 2], data: new Float32Array(18) };
    await expect(runTfjs(files, wrong)).rejects.toThrow(TfjsRunFailed);
    const lacking = new Map([...files].filter(([name]) => name === modelFile));
    await expect(runTfjs(lacking, random.input)).rejects.toThrow(
      "TensorFlow.js could not execute the model: the file group1-shard1of1.bin is missing",
    );
    const cut = new Map(files).set(modelFile, files.get(modelFile)!.slice(0, 100));
    await expect(runTfjs(cut, random.input)).rejects.toThrow(TfjsRunFailed);
    expect(tf.memory().numTensors).toBe(before);
  });
});
