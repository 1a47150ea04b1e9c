/** What the webgpu engine adds to TensorFlow.js's: exact quotients, the same sums in every run, errors in place of silence. */
import { beforeAll, describe, expect, it } from "vitest";
import { BackendUnavailable, openBackend, type Backend } from "../../../runtime/backends/index.ts";
import { findAdapter } from "../../../runtime/backends/webgpu/find-adapter.ts";
import { tf } from "../../../runtime/tensors.ts";
import { numbersOf } from "../../support/compute.ts";
import { provideSoftwareVulkan } from "../../support/software-vulkan.ts";

const missing = provideSoftwareVulkan() ?? (await findMissing());
if (missing !== undefined) console.warn(`Tests of webgpu are skipped: ${missing}`);

async function findMissing(): Promise<string | undefined> {
  try {
    await findAdapter();
    return undefined;
  } catch (error) {
    if (error instanceof BackendUnavailable) return error.reason;
    throw error;
  }
}

/** Numbers of any bits, subnormal ones and infinities among them. */
function anyFloats(count: number, seed: number): Float32Array {
  const bits = new Uint32Array(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bits[i] = state ^ (state << 13);
  }
  return new Float32Array(bits.buffer);
}

describe.skipIf(missing !== undefined)("webgpu", () => {
  let backend: Backend;
  beforeAll(async () => void (backend = await openBackend("webgpu")));

  it("names its adapter, and tells a processor from a GPU", async () => {
    const { name, isSoftware } = await findAdapter();
    expect(backend.describe()).toContain(name);
    expect(backend.device).toBe(isSoftware ? "software gpu" : "gpu");
  });

  it("divides as IEEE 754 does, halves between levels among the quotients", async () => {
    const count = 20_000;
    const divisors = anyFloats(count, 1);
    const others = anyFloats(count, 2);
    const numbers = others.map((other, i) => (i % 2 ? other : ((i % 64) - 31.5) * divisors[i]!));
    const found = await numbersOf(() => tf.div(tf.tensor1d(numbers), tf.tensor1d(divisors)));
    const expected = Float32Array.from(numbers, (number, i) => number / divisors[i]!);
    expect(found).toEqual(Array.from(expected, (number) => number + 0));
  });

  it("adds up long sums in the same order every time", async () => {
    const [a, b] = [tf.randomNormal([30, 4000]), tf.randomNormal([4000, 40])];
    const first = await numbersOf(() => tf.matMul(a, b));
    expect(await numbersOf(() => tf.matMul(a, b))).toEqual(first);
    tf.dispose([a, b]);
  });

  it("refuses a tensor that no buffer holds, and rejects reads of a lost device; opened again it works", async () => {
    expect(() => tf.tidy(() => tf.add(tf.zeros([1024, 1024, 1024, 4]), 1))).toThrow(
      /smaller batch/,
    );
    const engine = tf.backend() as unknown as { device: { destroy(): void } };
    engine.device.destroy();
    await expect(numbersOf(() => tf.add(tf.ones([2]), 1))).rejects.toThrow(
      /it was lost.*\n.*last checkpoint/,
    );
    backend = await openBackend("webgpu");
    expect(await numbersOf(() => tf.add(tf.ones([2]), 1))).toEqual([2, 2]);
  });
});
