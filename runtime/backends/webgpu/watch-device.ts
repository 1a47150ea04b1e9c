import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorMemoryExhausted } from "../tensor-memory-exhausted.ts";
import { type DeviceFailed, deviceLost, deviceRefused } from "./device-failed.ts";
import { isOutOfMemory, type TellsErrors } from "./uncaptured-error.ts";

/** After either of them what the device holds is of no use. */
export type DeviceFailure = DeviceFailed | TensorMemoryExhausted;

export type DeviceWatch = {
  hasFailed(): boolean;
  /** Makes all reads fail from now on. */
  fail(failure: DeviceFailure): void;
};

/** The part of a GPUDevice that is used here. */
type Device = TellsErrors & { readonly lost: Promise<{ readonly message: string }> };

/**
 * Makes an engine's reads fail once its device is lost, has refused a command or is out of memory. By themselves they
 * would wait for ever, or return zeros: WebGPU tells of most failures only beside the stream of commands.
 */
export function watchDevice(engine: WebGPUBackend): DeviceWatch {
  const device = engine.device as unknown as Device;
  const waiting = new Set<(failure: DeviceFailure) => void>();
  let failed: DeviceFailure | undefined;
  const fail = (found: DeviceFailure) => {
    failed ??= found;
    for (const reject of waiting) reject(failed);
    waiting.clear();
  };
  void device.lost.then(({ message }) => fail(deviceLost(message)));
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault?.();
    // Of memory the guard tells, which knows how much there was.
    if (!isOutOfMemory(event)) fail(deviceRefused(event.error.message));
  });
  rejectReads(engine, waiting, () => failed);
  return { hasFailed: () => failed !== undefined, fail };
}

function rejectReads(
  engine: WebGPUBackend,
  waiting: Set<(failure: DeviceFailure) => void>,
  failure: () => DeviceFailure | undefined,
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
