import type { Span } from "../../grammar/index.ts";
import type {
  Code,
  Diagnostic,
  DiagnosticExtra,
  DiagnosticParameters,
} from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Block, List } from "../../grammar/index.ts";
import type { Table } from "../algebra/kernel-algebra.ts";
import { limits } from "../limits.ts";
import type { Scope } from "../handover.ts";
import { Session } from "./session.ts";
import type { Value } from "./value.ts";

/** Thrown where a mistake has been reported and nothing sensible can follow; caught where the next independent piece begins. */
export class Abandoned extends Error {}

interface ContextOptions {
  /** Nobody asked for this piece: sample arguments may stand in for missing ones. */
  readonly mayGuess?: boolean;
  /** Shared by all pieces of a compilation. */
  readonly session?: Session | undefined;
}

/** A block standing somewhere. */
interface Use {
  readonly span: Span;
  readonly label: string;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end;
}

/** Collects diagnostics and counts work against the limits. */
export class Context {
  readonly diagnostics: Diagnostic[] = [];
  readonly mayGuess: boolean;
  /** Sample arguments do stand in, so conditions on them say nothing. */
  hasGuessed = false;
  /** Tables are read once, however often they are used. */
  readonly tables = new Map<List, Table>();
  readonly session: Session;
  private readonly uses: Use[] = [];
  private nodes = 0;
  private nesting = 0;
  private weights = 0;

  constructor({ mayGuess = false, session = new Session() }: ContextOptions = {}) {
    this.mayGuess = mayGuess;
    this.session = session;
  }

  report<C extends Code>(
    code: C,
    span: Span | undefined,
    parameters: DiagnosticParameters[C],
    extra: DiagnosticExtra = {},
  ): void {
    if (this.diagnostics.length >= limits.diagnostics) return;
    const related = [...(extra.related ?? []), ...this.usesOf(span)];
    this.diagnostics.push(diagnostic(code, span, parameters, { ...extra, related }));
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

  /** To be called before `count` nodes are made; the limit is told once. */
  countNodes(span: Span, name: string, count = 1): void {
    const before = this.nodes;
    this.nodes += count;
    if (this.nodes > limits.nodes) {
      if (before <= limits.nodes) this.report("limit/nodes", span, { name, limit: limits.nodes });
      throw this.abandoned();
    }
    this.check(this.session.spendNodes(count), span, name);
  }

  /** Work that makes no node: expressions, parameters. */
  countWork(span: Span, name: string, steps = 1): void {
    this.check(this.session.spend(steps), span, name);
  }

  /** Numbers in a trained or deployed kernel. */
  countWeights(span: Span, name: string, count: number): void {
    this.weights += count;
    const limit = count > limits.mapSize ? limits.mapSize : limits.weights;
    if (count <= limits.mapSize && this.weights <= limits.weights) return;
    const found = count > limits.mapSize ? count : this.weights;
    this.abandon(
      "limit/size",
      span,
      { name, found, limit },
      { help: "use fewer channels, more groups or a smaller kernel" },
    );
  }

  /** Runs what stands inside something, so many levels deep that the machine's stack holds it. */
  nested<T>(span: Span, piece: () => T): T {
    if (this.nesting >= limits.nesting) {
      const what = "blocks and groups stand inside each other";
      this.abandon("limit/depth", span, { what, limit: limits.nesting });
    }
    this.nesting += 1;
    try {
      return piece();
    } finally {
      this.nesting -= 1;
    }
  }

  /** Runs what a block means where it is used; mistakes in it then tell of that use. */
  using<T>(use: Use, piece: () => T): T {
    this.uses.push(use);
    try {
      return piece();
    } finally {
      this.uses.pop();
    }
  }

  /** The outermost and the innermost use, unless the mistake stands in them. */
  private usesOf(span: Span | undefined): readonly Use[] {
    const [outermost, innermost] = [this.uses[0], this.uses.at(-1)];
    const shown = outermost === innermost ? [outermost] : [outermost, innermost];
    return shown.flatMap((use) => (use && span && !contains(use.span, span) ? use : []));
  }

  private check(state: ReturnType<Session["spend"]>, span: Span, name: string): void {
    if (state === "within") return;
    if (state === "passed") this.report("limit/work", span, { name, limit: limits.work });
    throw this.abandoned();
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
  /** The blocks around, the outermost first, and this one. */
  readonly stack: readonly Block[];
  /** Nobody gave the declaration its arguments, so samples may stand in for them. */
  readonly isSample: boolean;
}
