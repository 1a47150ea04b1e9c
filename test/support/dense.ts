/** A plain float64 array with a shape: what reference computations in tests are written over. */
export type Dense = { readonly shape: readonly number[]; readonly data: Float64Array };

/** Numbers from a seeded generator, roughly uniform in [-1, 1] around `centre`, exact in float32. */
export function randomDense(shape: readonly number[], seed: number, centre = 0): Dense {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const data = Float64Array.from({ length: countElements(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(centre + state / 2 ** 31 - 1);
  });
  return { shape, data };
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The last axis' length. */
export function countChannels({ shape }: Dense): number {
  return shape[shape.length - 1] ?? 1;
}

/** A new array whose element i is `compute(i, channel of i)`. */
export function buildDense(
  shape: readonly number[],
  compute: (index: number, channel: number) => number,
): Dense {
  const channels = shape[shape.length - 1] ?? 1;
  const data = Float64Array.from({ length: countElements(shape) }, (_, i) =>
    compute(i, i % channels),
  );
  return { shape, data };
}

/** Arrays side by side on the last axis. */
export function joinDense(parts: readonly Dense[]): Dense {
  const owners = parts.flatMap((part) =>
    Array.from({ length: countChannels(part) }, (_, channel) => ({ part, channel })),
  );
  const leading = parts[0]?.shape.slice(0, -1) ?? [];
  return buildDense([...leading, owners.length], (index, c) => {
    const { part, channel } = owners[c]!;
    return part.data[Math.floor(index / owners.length) * countChannels(part) + channel]!;
  });
}
