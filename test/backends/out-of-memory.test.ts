/** What a training says when tensors outgrow the engine, with limits far below its own. */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { afterEach, expect, it } from "vitest";
import { openBackend, TensorMemoryExhausted } from "../../runtime/backends/index.ts";
import { guardMemory } from "../../runtime/backends/wasm/memory-guard.ts";
import {
  guardMemory as guardBuffers,
  type MemoryLimits,
} from "../../runtime/backends/webgpu/memory-guard.ts";
import { classificationExamples } from "../../runtime/data/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { train, type Recipe } from "../../runtime/train/index.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { withRuntimeMistakes } from "../../cli/runtime-mistake.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { describeBackends } from "../support/backends.ts";
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

/** Of the error that a batch ends with. */
async function failureOf(batch: number, quantized = true): Promise<TensorMemoryExhausted> {
  const error: unknown = await trainWith(batch, quantized).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TensorMemoryExhausted);
  return error as TensorMemoryExhausted;
}

/** A batch that the error names fits, and is about the largest that does. */
async function expectFittingBatch(remedy: string, quantized: boolean): Promise<void> {
  const fitting = Number(/use a batch of (\d+) /.exec(remedy)?.[1]);
  expect(Math.log2(fitting) % 1).toBe(0);
  expect(fitting).toBeLessThan(96);
  const { finished } = await trainWith(fitting, quantized);
  expect(finished).toBe(true);
  if (fitting < 32) await failureOf(4 * fitting, quantized);
}

let restore = (): void => {};
afterEach(() => restore());

const onWasm = { only: ["wasm"] } as const;

describeBackends(
  "a training that outgrows its memory",
  () => {
    function limit(bytes: number): void {
      const engine = tf.backend() as BackendWasm;
      const { move, disposeData } = engine;
      guardMemory(engine, bytes);
      restore = () => void Object.assign(engine, { move, disposeData });
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
      await expectFittingBatch(remedy, quantized);
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
  },
  onWasm,
);

const onWebgpu = { only: ["webgpu"] } as const;

/** What is replaced here of a GPUDevice. */
interface Device {
  createBuffer(descriptor: { size: number }): unknown;
  popErrorScope(): Promise<object | null>;
}

describeBackends(
  "a training that outgrows its GPU",
  () => {
    function limit(limits: MemoryLimits): void {
      const engine = tf.backend() as WebGPUBackend;
      const { bufferManager, device } = engine;
      const { acquireBuffer } = bufferManager;
      const own = Object.getOwnPropertyDescriptor(device, "createBuffer");
      guardBuffers(engine, limits);
      restore = () => {
        Object.assign(bufferManager, { acquireBuffer });
        if (own) Object.defineProperty(device, "createBuffer", own);
      };
    }

    it("names a batch that fits where all tensors together are too many", async () => {
      limit({ limit: 150_000 });
      const { message, remedy } = await failureOf(96);
      expect(message).toContain("The webgpu backend is out of memory: in a step on a batch of 96");
      await expectFittingBatch(remedy, true);
    });

    it("names a batch that fits where one tensor is too large", async () => {
      limit({ largest: 30_000 });
      const { reason, remedy } = await failureOf(96);
      expect(reason).toBe(
        "in a step on a batch of 96 a tensor of 0.05 MiB was asked for, and one may have 0.03 MiB",
      );
      await expectFittingBatch(remedy, true);
    });

    it("learns of it late from the device, and names a batch all the same", async () => {
      const device = (tf.backend() as WebGPUBackend).device as unknown as Device;
      const { popErrorScope } = device;
      let created = 0;
      device.popErrorScope = async () => {
        await popErrorScope.call(device);
        return ++created === 60 ? {} : null;
      };
      try {
        const { message, remedy } = await failureOf(96);
        expect(message).toMatch(/batch of 96 tensors of .* and it holds/);
        expect(remedy).toMatch(/use a batch of \d+ /);
      } finally {
        device.popErrorScope = popErrorScope;
      }
      // Nothing that was computed since can be trusted.
      await expect(tf.ones([1]).add(1).data()).rejects.toThrow(TensorMemoryExhausted);
      await openBackend("webgpu");
      expect([...(await tf.ones([1]).add(1).data())]).toEqual([2]);
    });
  },
  onWebgpu,
);
