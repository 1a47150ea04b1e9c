import type { Span } from "../../grammar/index.ts";
import type {
  Code,
  Diagnostic,
  DiagnosticExtra,
  DiagnosticParameters,
} from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import { limits } from "../limits.ts";
import type { Scope } from "../handover.ts";
import type { Value } from "./value.ts";

/** Thrown where a mistake has been reported and nothing sensible can follow; caught where the next independent piece begins. */
export class Abandoned extends Error {}

/** Collects diagnostics and counts work against the limits. */
export class Context {
  readonly diagnostics: Diagnostic[] = [];
  /** Nobody asked for this piece: sample arguments may stand in for missing ones. */
  readonly mayGuess: boolean;
  /** Sample arguments do stand in, so conditions on them say nothing. */
  hasGuessed = false;
  private nodes = 0;

  constructor(mayGuess: boolean) {
    this.mayGuess = mayGuess;
  }

  report<C extends Code>(
    code: C,
    span: Span | undefined,
    parameters: DiagnosticParameters[C],
    extra: DiagnosticExtra = {},
  ): void {
    this.diagnostics.push(diagnostic(code, span, parameters, extra));
  }

  /** Reports and gives the current piece up. */
  abandon<C extends Code>(
    code: C,
    span: Span | undefined,
    parameters: DiagnosticParameters[C],
    extra: DiagnosticExtra = {},
  ): never {
    this.report(code, span, parameters, extra);
    throw this.abandoned();
  }

  /** To be thrown where the mistake behind it has been reported already. */
  abandoned(): Abandoned {
    return new Abandoned();
  }

  /** Runs an independent piece; its mistakes do not keep the next one from being looked at. */
  attempt<T>(piece: () => T): T | undefined {
    try {
      return piece();
    } catch (error) {
      if (error instanceof Abandoned) return undefined;
      throw error;
    }
  }

  countNode(span: Span, name: string): void {
    this.nodes += 1;
    if (this.nodes > limits.nodes) this.abandon("limit/nodes", span, { name, limit: limits.nodes });
  }
}

/** The values that names have where an expression stands. */
export interface Environment {
  readonly context: Context;
  readonly scope: Scope;
  /** Parameters, and `in` and `out` inside a block. */
  readonly values: ReadonlyMap<string, Value>;
  /** Declaration that the text belongs to. */
  readonly owner: string;
  /** Names of the blocks around, the outermost first, and this one's. */
  readonly stack: readonly string[];
}
