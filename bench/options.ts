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
  /** Peak bytes as `tf.profile` counts them, views as copies: for comparison with figures measured so. */
  readonly countsViews: boolean;
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
      "count-views": { type: "boolean", default: false },
    },
  });
  return {
    only: values.only.flatMap((names) => names.split(",")),
    backend: values.backend,
    threads: Number(values.threads),
    rounds: Number(values.rounds),
    batch: Number(values.batch),
    countsViews: values["count-views"],
  };
}
