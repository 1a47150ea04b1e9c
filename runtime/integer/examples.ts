import type { HostTensor } from "../safetensors.ts";

/** Up to `count` examples from `start` on, sharing the numbers' memory. */
export function sliceExamples(
  { shape, data }: HostTensor,
  start: number,
  count: number,
): HostTensor {
  const [examples = 0, ...rest] = shape;
  const size = data.length / examples;
  const end = Math.min(start + count, examples);
  return { shape: [end - start, ...rest], data: data.subarray(start * size, end * size) };
}

/** Examples of all parts, which have the same sizes besides the first, in a row. */
export function joinExamples(parts: readonly HostTensor[]): HostTensor {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const examples = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0);
  return { shape: [examples, ...(parts[0]?.shape.slice(1) ?? [])], data };
}
