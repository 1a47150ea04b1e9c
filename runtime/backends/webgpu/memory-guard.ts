import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { MemoryUse } from "../backend.ts";
import { type Exhaustion, TensorMemoryExhausted } from "../tensor-memory-exhausted.ts";

export type MemoryLimits = {
  /** Bytes that one tensor may have; the device's own limit unless told. */
  readonly largest?: number;
  /** Bytes of all tensors; until the device refuses one, nobody knows unless told. */
  readonly limit?: number;
  /** Called when the device had no memory for a buffer. It says so late: what was computed since then is wrong. */
  readonly onExhausted?: (error: TensorMemoryExhausted) => void;
};

/** The part of a GPUDevice that is used here. */
type Device = {
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  createBuffer(descriptor: { readonly size: number }): unknown;
  pushErrorScope(filter: string): void;
  popErrorScope(): Promise<object | null>;
};

/** Makes an engine refuse, with a clear error, tensors that its device has no memory for; counts buffers in use on the way. */
export function guardMemory(engine: WebGPUBackend, limits: MemoryLimits = {}): MemoryUse {
  const device = engine.device as unknown as Device;
  const manager = engine.bufferManager;
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const { largest = Math.min(maxBufferSize, maxStorageBufferBindingSize) } = limits;
  let { limit = Infinity } = limits;
  let peak = 0;
  const takePeak = () => {
    const highest = peak;
    peak = manager.numBytesUsed;
    return highest;
  };
  const memory = { alive: () => manager.numBytesUsed, takePeak };
  const exhausted = (more: Pick<Exhaustion, "wanted" | "limit" | "isOfOne">) =>
    new TensorMemoryExhausted({ backend: "webgpu", alive: memory.alive(), memory, ...more });
  const acquire = manager.acquireBuffer.bind(manager);
  manager.acquireBuffer = (size, ...rest) => {
    if (size > largest) throw exhausted({ wanted: size, limit: largest, isOfOne: true });
    if (memory.alive() + size > limit) throw exhausted({ wanted: size, limit });
    const buffer = acquire(size, ...rest);
    peak = Math.max(peak, manager.numBytesUsed);
    return buffer;
  };
  watchCreation(device, (wanted) => {
    // Buffers that wait for another use take memory too.
    limit = Math.min(limit, Math.max(0, manager.numBytesAllocated - wanted));
    const error = exhausted({ wanted, limit });
    limits.onExhausted?.(error);
    return error;
  });
  return memory;
}

/** Tells of buffers that the device could not make. @param refused with the buffer's bytes; gives the error to throw where it is known at once */
function watchCreation(device: Device, refused: (bytes: number) => Error): void {
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const { size } = descriptor;
    device.pushErrorScope("out-of-memory");
    try {
      return create(descriptor);
    } catch (error) {
      // Of a buffer that the processor is to write into.
      throw error instanceof RangeError ? refused(size) : error;
    } finally {
      void device.popErrorScope().then(
        (error) => error !== null && refused(size),
        // A lost device has no scopes, and is told of elsewhere.
        () => undefined,
      );
    }
  };
}
