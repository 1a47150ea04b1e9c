import { describe, expect, it } from "vitest";
import {
  BackendUnavailable,
  backendNames,
  openBackend,
  TensorMemoryExhausted,
} from "../../../runtime/backends/index.ts";
import { tf } from "../../../runtime/tensors.ts";

async function failureOf(name: string): Promise<BackendUnavailable> {
  const failure: unknown = await openBackend(name).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof BackendUnavailable) return failure;
  throw new Error(`opening ${name} did not fail as it should: ${String(failure)}`);
}

describe("openBackend", () => {
  it("starts wasm with the wanted threads, once more with others", async () => {
    for (const threads of [2, 1, 2]) {
      const backend = await openBackend("wasm", { threads });
      expect(backend).toMatchObject({ name: "wasm", threads });
      expect(backend.describe()).toContain(`${threads} thread`);
      expect(tf.getBackend()).toBe("wasm");
      const product = tf.tidy(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync());
      expect(product.every((value) => value === 64)).toBe(true);
    }
  });

  it("keeps the tensors of an engine that is opened again, and shares them with cpu", async () => {
    await openBackend("wasm", { threads: 1 });
    const tensor = tf.tensor1d([1, 2, 3]);
    const cpu = await openBackend("cpu");
    expect(cpu).toMatchObject({ name: "cpu", threads: 1 });
    expect(tf.getBackend()).toBe("cpu");
    await openBackend("wasm");
    expect([...tf.tidy(() => tf.add(tensor, 1).dataSync())]).toEqual([2, 3, 4]);
    tensor.dispose();
  });

  it("suggests the name that was meant", async () => {
    expect((await failureOf("wsam")).message).toContain('Did you mean "wasm"?');
    expect((await failureOf("Tensorflo")).message).toContain('Did you mean "tensorflow"?');
    const failure = await failureOf("cuda-something");
    expect(failure.message).not.toContain("Did you mean");
    expect(failure.message).toContain(["auto", ...backendNames].join(", "));
  });

  it("refuses names that every object has", async () => {
    expect((await failureOf("constructor")).reason).toBe("there is no backend of that name");
  });
});

describe("wasm's memory", () => {
  it("is counted once, however many views there are, and its peak is kept", async () => {
    const { memory } = await openBackend("wasm", { threads: 1 });
    const before = memory!.alive();
    memory!.takePeak();
    const x = tf.zeros([100, 10]);
    const views = [tf.reshape(x, [1000]), tf.clone(x)];
    tf.zeros([500]).dispose();
    expect(memory!.alive() - before).toBe(4000);
    expect(memory!.takePeak() - before).toBe(6000);
    expect(memory!.takePeak() - before).toBe(4000);
    tf.dispose([x, ...views]);
    expect(memory!.alive()).toBe(before);
  });

  it("is guarded: too much is an error, and the engine goes on", async () => {
    await openBackend("wasm", { threads: 1 });
    expect(() => tf.zeros([5, 1024, 1024, 256])).toThrow(TensorMemoryExhausted);
    expect(() => tf.zeros([5, 1024, 1024, 256])).toThrow(/smaller batch/);
    const sum = tf.tidy(() => tf.sum(tf.ones([10])).dataSync()[0]);
    expect(sum).toBe(10);
  });
});
