import { joinExamples, sliceExamples } from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";

/** How many inputs are to be compared, and for how long one may go on. */
export interface Limits {
  readonly examples: number;
  readonly seconds: number;
  /** Called where there would be more inputs, but no time. */
  readonly onTimeUp?: () => void;
}

/** The first parts are small, so that their time tells how large the next may be. */
const firstPart = 8;
const largestPart = 256;
/** Positions of one part, which bound memory. */
const mostPositions = 1 << 22;

/**
 * Inputs in parts that grow, until there are enough of them or time is up.
 * @param now seconds
 */
export async function* inParts(
  inputs: AsyncIterable<HostTensor>,
  { examples, seconds, onTimeUp }: Limits,
  now: () => number = () => performance.now() / 1e3,
): AsyncGenerator<HostTensor> {
  const end = now() + seconds;
  const queue = new Queue();
  let [left, size] = [examples, firstPart];
  for await (const input of inputs) {
    queue.add(input);
    while (queue.length >= Math.min(size, left)) {
      const began = now();
      const part = queue.take(Math.min(size, left));
      yield part;
      left -= part.shape[0] ?? 0;
      if (left === 0) return;
      if (now() >= end) return onTimeUp?.();
      size = nextSize(part, { each: (now() - began) / size, left: end - now() });
    }
  }
  if (queue.length > 0) yield queue.take(left);
}

/** Twice as many, as far as memory and time allow. */
function nextSize(
  { shape }: HostTensor,
  seconds: { readonly each: number; readonly left: number },
) {
  const [count = 1, height = 1, width = 1] = shape.length === 4 ? shape : shape.slice(0, 1);
  const most = Math.min(largestPart, Math.floor(mostPositions / (height * width)));
  return Math.max(1, Math.min(2 * count, most, Math.floor(seconds.left / seconds.each)));
}

/** Examples in their order. */
class Queue {
  length = 0;
  private waiting: HostTensor[] = [];

  add(examples: HostTensor): void {
    this.waiting.push(examples);
    this.length += examples.shape[0] ?? 0;
  }

  /** Up to so many from the front. */
  take(count: number): HostTensor {
    const all = joinExamples(this.waiting);
    const taken = Math.min(count, this.length);
    this.length -= taken;
    this.waiting = this.length > 0 ? [sliceExamples(all, taken, this.length)] : [];
    return sliceExamples(all, 0, taken);
  }
}
