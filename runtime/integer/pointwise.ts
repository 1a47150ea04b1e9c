import type { HostTensor } from "../safetensors.ts";

/** f of each number and of the number per channel (last axis), rounded once to float32. */
export function perChannel(
  x: HostTensor,
  vector: HostTensor,
  f: (value: number, ofChannel: number) => number,
): HostTensor {
  const channels = vector.data.length;
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(x.data[i] ?? 0, vector.data[i % channels] ?? 0);
  return { shape: x.shape, data };
}

/** f of each pair of numbers, rounded once to float32. */
export function pairwise(
  a: HostTensor,
  b: HostTensor,
  f: (a: number, b: number) => number,
): HostTensor {
  const data = new Float32Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(a.data[i] ?? 0, b.data[i] ?? 0);
  return { shape: a.shape, data };
}

export function each(x: HostTensor, f: (value: number) => number): HostTensor {
  const data = new Float32Array(x.data.length);
  for (let i = 0; i < data.length; i++) data[i] = f(x.data[i] ?? 0);
  return { shape: x.shape, data };
}
