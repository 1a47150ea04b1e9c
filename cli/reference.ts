/** A declaration as the command line names it. */
export interface Reference {
  /** The spec that declares or imports it; the command's own where it is left out. */
  readonly file?: string;
  /** Its name, with arguments or without. */
  readonly call: string;
}

/** `RepQ(4)`, or with the spec that it is from `mine.repq#RepQ(4)` or `repq:quant/repvgg#RepQ(4)`. */
export function parseReference(text: string): Reference {
  const end = text.lastIndexOf("#");
  return end <= 0 ? { call: text } : { file: text.slice(0, end), call: text.slice(end + 1) };
}
