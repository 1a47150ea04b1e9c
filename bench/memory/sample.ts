import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { MemoryUse } from "../../runtime/backends/index.ts";
import { tf } from "../../runtime/tensors.ts";

/** What a process held after a step of training, garbage collected before. */
export interface Sample {
  /** Taken in the whole run. */
  readonly step: number;
  readonly tensors: number;
  /** Bytes of tensors' data, views counted once. */
  readonly tensorBytes: number;
  /** Bytes of the engine's own memory, which it never gives back; 0 where it does not tell. */
  readonly engineBytes: number;
  /** Bytes of JavaScript's objects. */
  readonly heapBytes: number;
  /** Bytes of the whole process. */
  readonly processBytes: number;
}

/** Takes samples of this process; `memory` is the engine's. */
export function sampler(memory: MemoryUse | undefined): (step: number) => Sample {
  const collect = collector();
  return (step) => {
    collect();
    const { numTensors, numBytes } = tf.memory();
    const { heapUsed, rss } = process.memoryUsage();
    return {
      step,
      tensors: numTensors,
      tensorBytes: memory?.alive() ?? numBytes,
      engineBytes: memory?.reserved?.() ?? 0,
      heapBytes: heapUsed,
      processBytes: rss,
    };
  };
}

/** Node's garbage collection, which a program may call only where it was started so, or asks for it now. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
