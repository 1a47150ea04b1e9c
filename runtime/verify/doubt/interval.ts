import { dequantize, type Value } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";

/** What engines may make of a value: each number lies between `low` and `high`. */
export interface Interval {
  readonly low: Value;
  /** The same array as `low` where every number is certain. */
  readonly high: Value;
  /** For each number the number of a doubt that it depends on, 0 where it is certain; absent where all are. */
  readonly origins?: HostTensor;
}

export function certain(value: Value): Interval {
  return { low: value, high: value };
}

/** Numbers that turned out the same at both ends are certain, whatever they were made of. */
export function interval(low: HostTensor, high: HostTensor, origins: HostTensor): Interval {
  let isCertain = true;
  for (let i = 0; i < origins.data.length; i++) {
    if (low.data[i] === high.data[i]) origins.data[i] = 0;
    else isCertain = false;
  }
  return isCertain ? certain(low) : { low, high, origins };
}

/** The numbers of doubts, zeros where there are none. */
export function originsOf({ low, origins }: Interval): HostTensor {
  if (origins) return origins;
  const { shape, data } = dequantize(low);
  return { shape, data: new Float32Array(data.length) };
}
