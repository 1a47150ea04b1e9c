import type { ExampleBatch, Examples, PassOptions } from "../../runtime/data/index.ts";

/** Examples of several sources of one size, a batch of each in turn. */
export function interleave(parts: readonly Examples[]): Examples {
  const [one] = parts;
  if (!one || parts.some(({ size }) => size !== one.size))
    throw new Error("repqc bug: sources of different sizes do not take turns");
  const source = parts.map((part) => part.source).join(", ");
  return { ...one, source, size: one.size * parts.length, pass: (options) => take(parts, options) };
}

async function* take(
  parts: readonly Examples[],
  { first = 0, ...options }: PassOptions,
): AsyncGenerator<ExampleBatch, void, undefined> {
  const count = parts.length;
  const passes = parts.map((part, place) =>
    part.pass({
      ...options,
      random: options.random.fork(`part ${place}`),
      first: Math.max(0, Math.ceil((first - place) / count)),
    }),
  );
  try {
    for (let number = first; ; number++) {
      const { value } = await passes[number % count]!.next();
      if (!value) return;
      yield { ...value, number };
    }
  } finally {
    for (const pass of passes) await pass.return();
  }
}
