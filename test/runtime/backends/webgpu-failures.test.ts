/** What becomes of a GPU's complaints, of a device that only complains. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { beforeEach, describe, expect, it } from "vitest";
import { TensorMemoryExhausted } from "../../../runtime/backends/index.ts";
import { isSoftware } from "../../../runtime/backends/webgpu/find-adapter.ts";
import { guardMemory } from "../../../runtime/backends/webgpu/memory-guard.ts";
import { watchDevice } from "../../../runtime/backends/webgpu/watch-device.ts";

class GPUOutOfMemoryError extends Error {}
class GPUValidationError extends Error {}

interface ToldError {
  readonly error: Error;
  preventDefault(): void;
}

/** 1000 bytes are held, 600 of them by tensors. */
function complainingEngine() {
  const listeners: ((event: ToldError) => void)[] = [];
  const scoped: (Error | null)[] = [];
  const device = {
    limits: { maxBufferSize: 1e6, maxStorageBufferBindingSize: 1e6 },
    lost: new Promise<never>(() => {}),
    addEventListener: (_: string, listener: (event: ToldError) => void) => listeners.push(listener),
    pushErrorScope: () => {},
    popErrorScope: async () => scoped.shift() ?? null,
    createBuffer: ({ size }: { size: number }) => ({ size }),
  };
  const bufferManager = {
    numBytesUsed: 600,
    numBytesAllocated: 1000,
    acquireBuffer(size: number) {
      const buffer = device.createBuffer({ size });
      this.numBytesAllocated += size;
      this.numBytesUsed += size;
      return buffer;
    },
  };
  const read = async (): Promise<Float32Array> => Float32Array.of(1);
  const complain = (error: Error) => {
    for (const listener of listeners) listener({ error, preventDefault: () => {} });
  };
  return { device, bufferManager, read, complain, scoped };
}

describe("a GPU's complaint", () => {
  let engine: ReturnType<typeof complainingEngine>;
  let guarded: WebGPUBackend;
  const start = () => {
    const watch = watchDevice(guarded);
    guardMemory(guarded, { onExhausted: watch.fail });
    return watch;
  };
  const failure = () => guarded.read({}).catch((error: unknown) => error);
  beforeEach(() => {
    engine = complainingEngine();
    guarded = engine as unknown as WebGPUBackend;
  });

  it("about memory outside of a buffer is one about memory", async () => {
    start();
    engine.complain(new GPUOutOfMemoryError("no room for a pipeline"));
    const error = await failure();
    expect(error).toBeInstanceOf(TensorMemoryExhausted);
    expect((error as TensorMemoryExhausted).reason).toContain("and the work needs more");
    expect((error as TensorMemoryExhausted).exhaustion.limit).toBe(1000);
  });

  it("about a command asks for another backend, for the same command would be refused again", async () => {
    start();
    engine.complain(new GPUValidationError("bad shader\nat line 1"));
    expect(await failure()).toMatchObject({
      name: "DeviceFailed",
      reason: "it refused a command (bad shader)",
      help: "use another backend",
    });
  });

  it("about a buffer at once counts all buffers that are there, and spoils nothing", async () => {
    engine.device.createBuffer = () => {
      throw new RangeError("no room");
    };
    engine.scoped.push(new GPUOutOfMemoryError("no room"));
    const watch = start();
    let error: unknown;
    try {
      guarded.bufferManager.acquireBuffer(300, 0);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ exhaustion: { alive: 600, wanted: 300, limit: 1000 } });
    await Promise.resolve();
    expect(watch.hasFailed()).toBe(false);
    expect(await failure()).toEqual(Float32Array.of(1));
  });

  it("about a buffer late does not count that buffer", async () => {
    start();
    engine.scoped.push(new GPUOutOfMemoryError("no room"));
    guarded.bufferManager.acquireBuffer(300, 0);
    await Promise.resolve();
    await Promise.resolve();
    expect(await failure()).toMatchObject({ exhaustion: { wanted: 300, limit: 1000 } });
  });
});

describe("an adapter that is a processor", () => {
  const none = { vendor: "", architecture: "", device: "", description: "" };
  it.each([
    [{ info: { ...none, description: "Microsoft Basic Render Driver" } }, true],
    [{ info: { ...none, architecture: "swiftshader" } }, true],
    [{ info: { ...none, description: "softpipe" } }, true],
    [{ info: { ...none, isFallbackAdapter: true } }, true],
    [{ isFallbackAdapter: true }, true],
    [{ info: { ...none, vendor: "nvidia", architecture: "hopper" } }, false],
  ])("%j: %s", (adapter, expected) => expect(isSoftware(adapter)).toBe(expected));
});
