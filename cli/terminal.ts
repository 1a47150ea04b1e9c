import pc from "picocolors";
import type { TextStyle } from "../compiler/diagnostics/index.ts";

/** What a command may do to the world it is called from, files apart. */
export interface Terminal {
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Results, for people or for a pipe. */
  readonly write: (text: string) => void;
  /** Everything that is not the result: problems, progress. */
  readonly writeError: (text: string) => void;
  readonly readInput: () => Promise<string>;
  readonly style: TextStyle;
  readonly errorStyle: TextStyle;
}

interface Stream {
  readonly isTTY?: boolean;
}

/** Colours for a person; https://no-color.org and FORCE_COLOR decide first. */
export function hasColour(stream: Stream, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== "") return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment.TERM !== "dumb";
}

export function styleFor(isColoured: boolean): TextStyle {
  const colours = pc.createColors(isColoured);
  return {
    error: (part) => colours.bold(colours.red(part)),
    warning: (part) => colours.bold(colours.yellow(part)),
    hint: (part) => colours.bold(colours.cyan(part)),
    related: colours.cyan,
    frame: colours.blue,
    strong: colours.bold,
  };
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  return {
    folder: process.cwd(),
    write: (part) => void stdout.write(part),
    writeError: (part) => void stderr.write(part),
    readInput: async () => (await import("node:stream/consumers")).text(stdin),
    style: styleFor(hasColour(stdout, env)),
    errorStyle: styleFor(hasColour(stderr, env)),
  };
}
