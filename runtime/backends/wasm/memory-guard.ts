import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../tensors.ts";
import type { MemoryUse } from "../backend.ts";
import { TensorMemoryExhausted } from "../tensor-memory-exhausted.ts";

/** WebAssembly addresses 4 GiB; past that TensorFlow.js hands out memory that is already in use. */
const addressable = 4 * 2 ** 30;
/** Left to weights packed by the engine, its code and the gaps between tensors. */
const reserve = 256 * 2 ** 20;

/** What every module of Emscripten has; the view is a new one after each growth. */
type GrownModule = BackendWasm["wasm"] & { readonly HEAPU8: Uint8Array };

/**
 * Makes an engine refuse, with a clear error, what it would otherwise silently put over other tensors; counts on the way.
 * @param limit most bytes of tensors
 */
export function guardMemory(engine: BackendWasm, limit = addressable - reserve): MemoryUse {
  let alive = 0;
  let peak = 0;
  const allocate = engine.move.bind(engine);
  const release = engine.disposeData.bind(engine);
  engine.move = (dataId, values, shape, dtype, references) => {
    const wanted = countBytes(shape, dtype);
    if (alive + wanted > limit) throw exhausted(wanted);
    allocate(dataId, values, shape, dtype, references);
    if (wanted > 0 && engine.getMemoryOffset(dataId) === 0) {
      release(dataId, true);
      throw exhausted(wanted);
    }
    alive += wanted;
    peak = Math.max(peak, alive);
  };
  engine.disposeData = (dataId, force) => {
    const data = engine.dataIdMap.has(dataId) ? engine.dataIdMap.get(dataId) : undefined;
    const isReleased = release(dataId, force);
    if (data !== undefined && isReleased) alive -= countBytes(data.shape, data.dtype);
    return isReleased;
  };
  const takePeak = () => {
    const highest = peak;
    peak = alive;
    return highest;
  };
  const reserved = () => (engine.wasm as GrownModule).HEAPU8.buffer.byteLength;
  const memory = { alive: () => alive, takePeak, reserved };
  const exhausted = (wanted: number) =>
    new TensorMemoryExhausted({ backend: "wasm", alive, wanted, limit, memory });
  return memory;
}

function countBytes(shape: number[], dtype: tf.DataType): number {
  return dtype === "string" ? 0 : tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype);
}
