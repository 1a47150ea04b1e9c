interface Run {
  readonly prefix: string;
  readonly from: number;
  to: number;
}

/** Paths in words: `stem.0, s1.0, s2.1 to s2.3`; neighbours in one binding are a range. */
export function joinPaths(paths: readonly string[]): string {
  const runs: (Run | string)[] = [];
  for (const path of paths) {
    const [, prefix, digits] = /^(.*?)(\d+)$/.exec(path) ?? [];
    if (prefix === undefined) {
      runs.push(path);
      continue;
    }
    const [number, last] = [Number(digits), runs.at(-1)];
    if (typeof last === "object" && last.prefix === prefix && last.to === number - 1)
      last.to = number;
    else runs.push({ prefix, from: number, to: number });
  }
  return runs.flatMap(runText).join(", ");
}

function runText(run: Run | string): readonly string[] {
  if (typeof run === "string") return [run];
  const { prefix, from, to } = run;
  if (to - from < 2) return from === to ? [prefix + from] : [prefix + from, prefix + to];
  return [`${prefix}${from} to ${prefix}${to}`];
}
