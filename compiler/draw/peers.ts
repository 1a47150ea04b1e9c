import type { Affine, AffineStep, AffineTerm } from "../ir/index.ts";

/** What distinguishes one tree from another apart from where its weights lie. */
export function signatureOf(map: Affine, hasChannels = true): string {
  const channels = hasChannels ? `${map.in}>${map.out}` : "";
  switch (map.kind) {
    case "step":
      return `${map.op.name}${channels}${map.isFlipped ? "~" : ""}${paramsText(map, hasChannels)}`;
    case "chain":
      return `(${map.steps.map((step) => signatureOf(step, hasChannels)).join(" ")})`;
    case "sum":
      return `{${map.terms.map((term) => termSignature(term, hasChannels)).join(" ")}}`;
    case "concat":
    case "split":
      return `${map.kind}[${map.parts.map((part) => signatureOf(part, hasChannels)).join(" ")}]`;
  }
}

export function termSignature({ sign, map, name }: AffineTerm, hasChannels = true): string {
  return `${sign}${name ?? ""}${signatureOf(map, hasChannels)}`;
}

function paramsText({ params }: AffineStep, hasChannels: boolean): string {
  return JSON.stringify(params, (key, value: unknown) =>
    !hasChannels && (key === "out" || key === "groups") ? undefined : value,
  );
}

/** Runs of neighbours with the same key, in order. */
export function runsOf<T>(
  items: readonly T[],
  key: (item: T) => string,
): readonly (readonly T[])[] {
  const runs: T[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const own = key(item);
    if (own === last) runs.at(-1)?.push(item);
    else runs.push([item]);
    last = own;
  }
  return runs;
}
