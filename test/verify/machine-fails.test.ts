import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { DeviceFailed, openBackend, TensorMemoryExhausted } from "../../runtime/backends/index.ts";
import { exportTfjs, runTfjs, TfjsRunFailed } from "../../runtime/export/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { plainLayer } from "../runtime/integer/random-choice.ts";
import { randomProgram } from "../runtime/integer/random-program.ts";

beforeAll(async () => void (await openBackend("cpu")));
afterEach(() => void vi.restoreAllMocks());

const widths = { seed: 5, inputBits: 8, kernelBits: 8, isDyadic: false, isSigned: false };
const random = randomProgram({ ...widths, hasHead: false, layers: [plainLayer] }, 2);
const { files } = exportTfjs(random.program, random.weights, { generator: "repqc test" });

const memory = { alive: () => 8, takePeak: () => 8 };
const full = { backend: "wasm", alive: 8, wanted: 8, limit: 12, memory } as const;

describe("running a GraphModel", () => {
  it.each([
    ["device", new DeviceFailed("it was lost", "begin again")],
    ["memory", new TensorMemoryExhausted(full)],
  ])("does not blame the model for the machine's %s", async (_, error) => {
    const read = vi.spyOn(tf.backend(), "read");
    read.mockRejectedValue(error);
    await expect(runTfjs(files, random.input)).rejects.toBe(error);
    read.mockRejectedValue(new Error("no such op"));
    await expect(runTfjs(files, random.input)).rejects.toThrow(TfjsRunFailed);
  });
});
