import { SingleBar } from "cli-progress";

/** One stage of a long command on the terminal: a bar for a person, one line at the end for a log. */
export interface Stage {
  readonly update: (done: number, total: number, note?: string) => void;
  readonly end: (note: string) => void;
  /** Gives the terminal back where the stage does not come to its end. */
  readonly abort: () => void;
}

/** Stages one after the other; `close` gives the terminal back wherever the last one stands. */
export interface Stages {
  readonly begin: (name: string) => Stage;
  readonly close: () => void;
}

export function stagesOn(write: Write, isInteractive: boolean): Stages {
  let open: Stage | undefined;
  return {
    begin: (name) => (open = beginStage(name, write, isInteractive)),
    close: () => open?.abort(),
  };
}

type Write = (text: string) => void;

/** Begins a stage; `isInteractive` where a person watches. */
function beginStage(name: string, write: Write, isInteractive: boolean): Stage {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const label = name.padEnd(30);
  const report = (note: string) => write(`${label} ${note} (${seconds()})\n`);
  if (!isInteractive) return { update: () => {}, end: report, abort: () => {} };
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}% {note}`,
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    etaBuffer: 50,
    fps: 8,
  });
  bar.start(1, 0, { note: "" });
  return {
    update: (done, total, note = "") => {
      bar.setTotal(total);
      bar.update(done, { note });
    },
    end: (note) => {
      bar.stop();
      report(note);
    },
    abort: () => bar.stop(),
  };
}
