import { parseArgs } from "node:util";

/** What `npm run bench -- ...` may say. */
export interface BenchOptions {
  /** Sections to run; all of them where none is named. */
  readonly only: readonly string[];
  readonly backend: string;
  readonly threads: number;
  /** Rounds of the section `step`. */
  readonly rounds: number;
  readonly batch: number;
  /** Steps of each training of the section `memory`. */
  readonly steps: number;
  /** Peak bytes as `tf.profile` counts them, views as copies: for comparison with figures measured so. */
  readonly countsViews: boolean;
  /** Engines to put side by side: backends, `pytorch`, or `all`. */
  readonly backends: readonly string[];
  /** The Python that has torch. */
  readonly python: string;
}

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      backend: { type: "string", default: "wasm" },
      threads: { type: "string", default: "2" },
      rounds: { type: "string", default: "9" },
      batch: { type: "string", default: "32" },
      steps: { type: "string", default: "10000" },
      "count-views": { type: "boolean", default: false },
      backends: { type: "string", multiple: true, default: [] },
      python: { type: "string", default: "python3" },
    },
  });
  const split = (lists: readonly string[]) => lists.flatMap((names) => names.split(","));
  const backends = split(values.backends);
  const only = split(values.only);
  return {
    // Who names backends wants to see them, and nothing else.
    only: backends.length > 0 && only.length === 0 ? ["engines"] : only,
    backends: backends.length > 0 ? backends : ["all"],
    python: values.python,
    backend: values.backend,
    threads: Number(values.threads),
    rounds: Number(values.rounds),
    batch: Number(values.batch),
    steps: Number(values.steps),
    countsViews: values["count-views"],
  };
}
