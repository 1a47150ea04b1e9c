import type { Dataset } from "../../runtime/data/index.ts";
import type { FileHost } from "../../runtime/files.ts";
import type { Stage } from "../progress-bar.ts";

/** What the demo needs of the world. */
export interface DemoWorld {
  readonly training: Dataset;
  readonly test: Dataset;
  readonly seed: number;
  readonly generator: string;
  readonly begin: (name: string) => Stage;
  /** Writes one artefact, by name. */
  readonly write: (name: string, content: string | Uint8Array) => void;
  readonly checkpoints: {
    readonly host: FileHost;
    readonly folder: string;
    readonly everySteps: number;
  };
  /** Trainings go on from the checkpoints that are there. */
  readonly isResuming: boolean;
  readonly signal: AbortSignal;
}
