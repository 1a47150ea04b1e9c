import type { TrainForm } from "../../compiler/compile.ts";
import type { BackendChoiceName } from "../../runtime/backends/index.ts";

/** What `repqc train` was asked, as it was typed; nothing has a default yet. */
export interface RunOptions {
  readonly entry?: string;
  readonly quant?: string;
  readonly inputShape?: string;
  readonly form?: TrainForm;
  readonly root?: readonly string[];
  readonly recipe?: string;
  readonly data?: string;
  readonly testData?: string;
  readonly weights?: string;
  readonly seed?: number;
  readonly epochs?: number;
  readonly images?: number;
  readonly testImages?: number;
  readonly peak?: number;
  readonly backend?: BackendChoiceName;
  readonly threads?: number;
  readonly checkpointEvery?: number;
  readonly logEvery?: number;
}

export interface TrainOptions extends RunOptions {
  readonly resume?: boolean;
  /** Go on though the data is not what the run was begun with. */
  readonly changedData?: boolean;
  /** Folder of the run. */
  readonly out: string;
}

/** How an option is called on the command line. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
