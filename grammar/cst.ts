import type { CstElement, CstNode, IToken } from "chevrotain";
import { endOf } from "./lexer.ts";
import type { Source, Span } from "./source.ts";

/** What turning one file's concrete tree into the syntax tree needs besides the tree. */
export interface Reading {
  readonly source: Source;
  /** Documentation by the offset of the token it stands above. */
  readonly docs: ReadonlyMap<number, string>;
  /** Told of what is well formed but cannot be represented. */
  readonly report: (token: IToken, reason: "number-out-of-range") => void;
}

function isNode(element: CstElement): element is CstNode {
  return "children" in element;
}

/** The subtrees under a rule's name or label; none where there is no tree. */
export function nodes(node: CstNode | undefined, name: string): readonly CstNode[] {
  return (node?.children[name] ?? []).filter(isNode);
}

export function node(parent: CstNode | undefined, name: string): CstNode | undefined {
  return nodes(parent, name)[0];
}

/** The tokens under a name or label, without those that error recovery made up. */
export function tokens(parent: CstNode | undefined, name: string): readonly IToken[] {
  return (parent?.children[name] ?? []).filter(
    (element): element is IToken => !isNode(element) && element.isInsertedInRecovery !== true,
  );
}

export function token(parent: CstNode | undefined, name: string): IToken | undefined {
  return tokens(parent, name)[0];
}

export function tokenSpan(source: Source, at: IToken): Span {
  return { source, start: at.startOffset, end: endOf(at) };
}

/** The text a tree covers; nothing at the start of the file where recovery left no token in it. */
export function spanOf(source: Source, parent: CstNode | undefined): Span {
  const start = parent?.location?.startOffset ?? Number.NaN;
  const last = parent?.location?.endOffset ?? Number.NaN;
  if (!Number.isFinite(start)) return { source, start: 0, end: 0 };
  return { source, start, end: Number.isFinite(last) ? Math.max(start, last + 1) : start };
}
