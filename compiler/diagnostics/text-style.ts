import type { Severity } from "./diagnostic.ts";

type Paint = (text: string) => string;

/** How the parts of a rendered diagnostic are coloured; the compiler itself knows no terminal. */
export interface TextStyle extends Readonly<Record<Severity, Paint>> {
  /** Carets and labels of related places. */
  readonly related: Paint;
  /** Line numbers and the lines of the box. */
  readonly frame: Paint;
  /** The message. */
  readonly strong: Paint;
}

const unchanged: Paint = (text) => text;

/** No colour at all. */
export const plainStyle: TextStyle = {
  error: unchanged,
  warning: unchanged,
  hint: unchanged,
  related: unchanged,
  frame: unchanged,
  strong: unchanged,
};
