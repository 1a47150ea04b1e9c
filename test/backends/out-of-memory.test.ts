/** What a training says when tensors outgrow the engine, with a limit far below WebAssembly's own. */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { openBackend, TensorMemoryExhausted } from "../../runtime/backends/index.ts";
import { guardMemory } from "../../runtime/backends/wasm/memory-guard.ts";
import { classificationExamples } from "../../runtime/data/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { train, type Recipe } from "../../runtime/train/index.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { withRuntimeMistakes } from "../../cli/runtime-mistake.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { tinyDataset, tinyProgram } from "../runtime/train/tiny-program.ts";

const recipe: Recipe = {
  epochs: 1,
  batch: 96,
  seed: 5,
  loss: { name: "softmax_cross_entropy" },
  optimizer: { name: "sgd" },
  schedule: { name: "constant" },
  rate: 0.1,
};
const trainingData = classificationExamples(tinyDataset(96));

function trainWith(batch: number, quantized = true) {
  const program = tinyProgram(quantized);
  const weights = initialWeights(program, 3);
  return train({ program, recipe: { ...recipe, batch }, trainingData, weights });
}

describe("a training that outgrows wasm's memory", () => {
  let restore = (): void => {};

  beforeAll(async () => void (await openBackend("wasm", { threads: 1 })));
  afterEach(() => restore());

  function limit(bytes: number): void {
    const engine = tf.backend() as BackendWasm;
    const { move, disposeData } = engine;
    guardMemory(engine, bytes);
    restore = () => void Object.assign(engine, { move, disposeData });
  }

  /** Of the error that a batch ends with. */
  async function failureOf(batch: number, quantized = true): Promise<TensorMemoryExhausted> {
    const error: unknown = await trainWith(batch, quantized).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TensorMemoryExhausted);
    return error as TensorMemoryExhausted;
  }

  it.each([
    [300_000, true],
    [150_000, true],
    [150_000, false],
    [60_000, true],
  ])("within %d bytes names a batch that fits, quantized: %s", async (bytes, quantized) => {
    limit(bytes);
    const { message, remedy } = await failureOf(96, quantized);
    expect(message).toContain("in a step on a batch of 96 tensors of");
    const fitting = Number(/use a batch of (\d+) /.exec(remedy)?.[1]);
    expect(Math.log2(fitting) % 1).toBe(0);
    expect(fitting).toBeLessThan(96);
    const { finished } = await trainWith(fitting, quantized);
    expect(finished).toBe(true);
    if (fitting < 32) await failureOf(4 * fitting, quantized);
  });

  it("says so where not even one image fits", async () => {
    limit(150_000);
    const error = (await failureOf(96)).inStep({ images: 1, fitting: undefined });
    expect(error.message).toContain("in a step on a batch of 1 tensors of");
    expect(error.remedy).toContain("not even a batch of 1 fits");
  });

  it("is a diagnostic for the user", async () => {
    limit(150_000);
    const mistake: unknown = await withRuntimeMistakes(() => trainWith(96)).catch(
      (error: unknown) => error,
    );
    expect(mistake).toBeInstanceOf(UserMistake);
    const [{ code, message, help }] = (mistake as UserMistake).diagnostics as [
      UserMistake["diagnostics"][number],
    ];
    expect(code).toBe("config/out-of-memory");
    expect(message).toMatch(
      /^the wasm backend is out of memory: .* batch of 96 .* holds 0\.14 MiB$/,
    );
    expect(help).toMatch(/^use a batch of \d+ /);
  });
});
