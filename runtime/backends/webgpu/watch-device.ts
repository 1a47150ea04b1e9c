import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type DeviceFailed, deviceExhausted, deviceLost, deviceRefused } from "./device-failed.ts";

export type DeviceWatch = {
  /** Settles when the device stops working. */
  readonly failure: Promise<DeviceFailed>;
  hasFailed(): boolean;
};

/** The part of a GPUDevice that is used here. */
type Device = {
  readonly lost: Promise<{ readonly message: string }>;
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  addEventListener(type: "uncapturederror", listener: (event: UncapturedError) => void): void;
};

type UncapturedError = { readonly error: { readonly message: string }; preventDefault?(): void };

/**
 * Makes an engine's reads fail with `DeviceFailed` once its device is lost or has refused a command. By themselves they
 * would wait for ever, or return zeros: WebGPU tells of most failures only beside the stream of commands.
 */
export function watchDevice(engine: WebGPUBackend): DeviceWatch {
  const device = engine.device as unknown as Device;
  const waiting = new Set<(failure: DeviceFailed) => void>();
  let failed: DeviceFailed | undefined;
  let settle!: (failure: DeviceFailed) => void;
  const failure = new Promise<DeviceFailed>((resolve) => (settle = resolve));
  const fail = (found: DeviceFailed) => {
    failed ??= found;
    settle(failed);
    for (const reject of waiting) reject(failed);
    waiting.clear();
  };
  void device.lost.then(({ message }) => fail(deviceLost(message)));
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault?.();
    const isMemory = event.error.constructor.name === "GPUOutOfMemoryError";
    fail((isMemory ? deviceExhausted : deviceRefused)(event.error.message));
  });
  refuseLargeBuffers(engine, device);
  rejectReads(engine, waiting, () => failed);
  return { failure, hasFailed: () => failed !== undefined };
}

/** A buffer beyond the limits would be refused later and without a word of the tensor. */
function refuseLargeBuffers(engine: WebGPUBackend, { limits }: Device): void {
  const manager = engine.bufferManager;
  const acquire = manager.acquireBuffer.bind(manager);
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  manager.acquireBuffer = (size, ...rest) => {
    if (size > largest) {
      const [wanted, allowed] = [size, largest].map((bytes) => (bytes / 2 ** 30).toFixed(2));
      throw deviceExhausted(`a tensor of ${wanted} GiB, where one may have ${allowed} GiB`);
    }
    return acquire(size, ...rest);
  };
}

function rejectReads(
  engine: WebGPUBackend,
  waiting: Set<(failure: DeviceFailed) => void>,
  failure: () => DeviceFailed | undefined,
): void {
  const read = engine.read.bind(engine);
  engine.read = (dataId) =>
    new Promise((resolve, reject) => {
      const failed = failure();
      if (failed !== undefined) {
        reject(failed);
        return;
      }
      // Not a race with one promise that lives as long as the device: that would keep every result alive.
      waiting.add(reject);
      read(dataId)
        .then(resolve, async (error: unknown) => {
          // A read is given up before the device is said to be lost.
          await new Promise((next) => setTimeout(next));
          reject(failure() ?? error);
        })
        .finally(() => waiting.delete(reject));
    });
}
