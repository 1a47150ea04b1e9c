import type { Severity } from "./diagnostic.ts";

/** What a placeholder of a message may hold. */
export type Value = string | number;

/** A file of an example; several make one example when it needs imports. */
export interface ExampleFile {
  /** `repq`, or `sh` where the mistake lies outside any spec. */
  readonly language: string;
  readonly path: string;
  readonly text: string;
}

/** One section of specs/diagnostics. */
export interface CatalogEntry {
  readonly severity: Severity;
  /** A template: `{name}` stands for a parameter. */
  readonly message: string;
  /** Templates in order of preference; the first whose parameters are all given is used. */
  readonly label: readonly string[];
  readonly help: readonly string[];
  /** Markdown paragraphs. */
  readonly why: string;
  readonly fails: readonly ExampleFile[];
  readonly passes: readonly ExampleFile[];
}
