import { SingleBar } from "cli-progress";

/** One stage of a long command on the terminal: a bar for a person, one line at the end for a log. */
export interface Stage {
  readonly update: (done: number, total: number, note?: string) => void;
  readonly end: (note: string) => void;
}

type Write = (text: string) => void;

/** Begins a stage; `isInteractive` where a person watches. */
export function beginStage(name: string, write: Write, isInteractive: boolean): Stage {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const label = name.padEnd(30);
  if (!isInteractive)
    return { update: () => {}, end: (note) => write(`${label} ${note} (${seconds()})\n`) };
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
      write(`${label} ${note} (${seconds()})\n`);
    },
  };
}
