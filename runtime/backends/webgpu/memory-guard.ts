import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { MemoryUse } from "../backend.ts";
import { type Exhaustion, TensorMemoryExhausted } from "../tensor-memory-exhausted.ts";
import { isOutOfMemory, type TellsErrors } from "./uncaptured-error.ts";

export type MemoryLimits = {
  /** Bytes that one tensor may have; the device's own limit unless told. */
  readonly largest?: number;
  /** Bytes of all tensors; until the device refuses one, nobody knows unless told. */
  readonly limit?: number;
  /**
   * Called when the device says that it had no memory. It says so late: what was computed since then is wrong. Not called where it is known at
   * once, for then the error is thrown and nothing was computed.
   */
  readonly onExhausted?: (error: TensorMemoryExhausted) => void;
};

/** The part of a GPUDevice that is used here. */
type Device = TellsErrors & {
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
  const alive = () => {
    releaseWaiting(engine);
    return manager.numBytesUsed;
  };
  const memory = { alive, takePeak };
  const exhausted = (more: Pick<Exhaustion, "wanted" | "limit" | "isOfOne">) =>
    new TensorMemoryExhausted({ backend: "webgpu", alive: manager.numBytesUsed, memory, ...more });
  const acquire = manager.acquireBuffer.bind(manager);
  manager.acquireBuffer = (size, ...rest) => {
    if (size > largest) throw exhausted({ wanted: size, limit: largest, isOfOne: true });
    if (manager.numBytesUsed + size > limit) throw exhausted({ wanted: size, limit });
    const buffer = acquire(size, ...rest);
    peak = Math.max(peak, manager.numBytesUsed);
    return buffer;
  };
  /** @param held bytes of all buffers, also those that wait for another use */
  const refused = (wanted: number, held: number) => {
    limit = Math.min(limit, Math.max(0, held));
    return exhausted({ wanted, limit });
  };
  watchCreation(device, {
    // The manager counts a buffer once it has it.
    onThrown: (wanted) => refused(wanted, manager.numBytesAllocated),
    onTold: (wanted) => limits.onExhausted?.(refused(wanted, manager.numBytesAllocated - wanted)),
  });
  device.addEventListener("uncapturederror", (event) => {
    if (isOutOfMemory(event)) limits.onExhausted?.(refused(0, manager.numBytesAllocated));
  });
  return memory;
}

/** What of the engine lies behind its types. */
type Queue = {
  readonly tensorDataPendingDisposal: readonly unknown[];
  readonly uniformPendingDisposal: readonly unknown[];
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
};

/**
 * What was disposed of keeps its buffer until the commands that use it are on their way. Not to be called from inside the engine: the buffers
 * of the command that it is writing would go too.
 */
function releaseWaiting(engine: WebGPUBackend): void {
  const queue = engine as unknown as Queue;
  if (queue.tensorDataPendingDisposal.length + queue.uniformPendingDisposal.length === 0) return;
  queue.ensureCommandEncoderReady();
  queue.endComputePassEncoder();
  engine.submitQueue();
}

/** What is done about a buffer of so many bytes that the device could not make. */
type Refusals = {
  /** Known at once. @returns the error to throw */
  readonly onThrown: (bytes: number) => Error;
  /** Told later, of a buffer that was handed out. */
  readonly onTold: (bytes: number) => void;
};

function watchCreation(device: Device, { onThrown, onTold }: Refusals): void {
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const { size } = descriptor;
    let isMade = false;
    device.pushErrorScope("out-of-memory");
    try {
      const buffer = create(descriptor);
      isMade = true;
      return buffer;
    } catch (error) {
      // Of a buffer that the processor is to write into.
      throw error instanceof RangeError ? onThrown(size) : error;
    } finally {
      void device.popErrorScope().then(
        (error) => isMade && error !== null && onTold(size),
        // A lost device has no scopes, and is told of elsewhere.
        () => undefined,
      );
    }
  };
}
