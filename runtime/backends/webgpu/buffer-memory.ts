import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { MemoryUse } from "../backend.ts";

/** Counts the bytes of the buffers in use; those kept for another use are not counted. */
export function countBuffers(engine: WebGPUBackend): MemoryUse {
  const manager = engine.bufferManager;
  const acquire = manager.acquireBuffer.bind(manager);
  let peak = 0;
  manager.acquireBuffer = (...request) => {
    const buffer = acquire(...request);
    peak = Math.max(peak, manager.numBytesUsed);
    return buffer;
  };
  const takePeak = () => {
    const highest = peak;
    peak = manager.numBytesUsed;
    return highest;
  };
  return { alive: () => manager.numBytesUsed, takePeak };
}
