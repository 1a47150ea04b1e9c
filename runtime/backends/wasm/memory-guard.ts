import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../tensors.ts";
import type { MemoryUse } from "../backend.ts";

/** WebAssembly addresses 4 GiB; past that TensorFlow.js hands out memory that is already in use. */
const addressable = 4 * 2 ** 30;
/** Left to weights packed by the engine, its code and the gaps between tensors. */
const reserve = 256 * 2 ** 20;

/** More tensors are alive at once than WebAssembly can hold. */
export class TensorMemoryExhausted extends Error {
  override readonly name = "TensorMemoryExhausted";

  constructor(alive: number, wanted: number) {
    super(
      `The wasm backend is out of memory: tensors of ${writeGibibytes(alive)} are alive, ` +
        `${writeGibibytes(wanted)} more were asked for, and WebAssembly holds 4 GiB.\n` +
        `Use a smaller batch (half of it needs about half the memory), or another backend.`,
    );
  }
}

/** Makes an engine refuse, with a clear error, what it would otherwise silently put over other tensors; counts on the way. */
export function guardMemory(engine: BackendWasm): MemoryUse {
  let alive = 0;
  let peak = 0;
  const allocate = engine.move.bind(engine);
  const release = engine.disposeData.bind(engine);
  engine.move = (dataId, values, shape, dtype, references) => {
    const wanted = countBytes(shape, dtype);
    if (alive + wanted > addressable - reserve) throw new TensorMemoryExhausted(alive, wanted);
    allocate(dataId, values, shape, dtype, references);
    if (wanted > 0 && engine.getMemoryOffset(dataId) === 0) {
      release(dataId, true);
      throw new TensorMemoryExhausted(alive, wanted);
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
  return { alive: () => alive, takePeak };
}

function countBytes(shape: number[], dtype: tf.DataType): number {
  return dtype === "string" ? 0 : tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype);
}

function writeGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
