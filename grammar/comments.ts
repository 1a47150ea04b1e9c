import type { IToken } from "chevrotain";
import type * as ast from "./ast.ts";
import type { Container, Layout, Line } from "./layout.ts";
import { endOf } from "./lexer.ts";
import type { Tokens } from "./lexer.ts";
import { statementsOf } from "./print-declarations.ts";
import { LeftBrace, LeftParen, RightParen } from "./tokens.ts";

/** Lines between two offsets. */
interface Place {
  readonly container: Container;
  readonly start: number;
  readonly end: number;
  readonly lines: readonly Line[];
}

/** Comments by the line or the container they belong to. */
interface Attached {
  readonly above: Map<Line, string[]>;
  readonly beside: Map<Line, string>;
  readonly atEnd: Map<Container, string[]>;
}

/**
 * The layout of a text: each comment belongs to the line it stands above or ends, and one in the middle of a line to that line, above
 * it. Blank lines are kept, one of several.
 */
export function commentLayout(file: ast.File, lexed: Tokens): Layout {
  const text = file.span.source.text;
  const attached: Attached = { above: new Map(), beside: new Map(), atEnd: new Map() };
  attach(fileOf(file), lexed.comments, { text, tokens: lexed.tokens, attached });
  return {
    above: (line) => attached.above.get(line) ?? [],
    beside: (line) => attached.beside.get(line),
    atEnd: (container) => attached.atEnd.get(container) ?? [],
    literal: ({ start, end }) =>
      tokensBetween(lexed.tokens, start, end)
        .map(({ image }) => image)
        .join(""),
  };
}

interface Context {
  readonly text: string;
  readonly tokens: readonly IToken[];
  readonly attached: Attached;
}

/** Hands the comments of one place to its lines, and those inside a line on to the places in it. */
function attach(place: Place, comments: readonly IToken[], context: Context): void {
  const { text, attached } = context;
  let previousEnd = place.start;
  let next = 0;
  let pending: string[] = [];
  const takeOwn = (before: number): void => {
    for (; (comments[next]?.startOffset ?? before) < before; next++) {
      const comment = comments[next]!;
      if (hasBlank(text, previousEnd, comment.startOffset)) pending.push("");
      pending.push(comment.image.trimEnd());
      previousEnd = endOf(comment);
    }
  };
  for (const line of place.lines) {
    takeOwn(line.span.start);
    if (hasBlank(text, previousEnd, line.span.start)) pending.push("");
    const inside = comments.slice(next).filter(({ startOffset }) => startOffset < line.span.end);
    next += inside.length;
    pending.push(...attachInside(line, inside, context));
    if (pending.length > 0) attached.above.set(line, pending);
    pending = [];
    previousEnd = line.span.end;
    const beside = comments[next];
    if (beside !== undefined && beside.startOffset < place.end && isBeside(text, line, beside)) {
      attached.beside.set(line, beside.image.trimEnd());
      previousEnd = endOf(beside);
      next += 1;
    }
  }
  takeOwn(place.end);
  if (pending.length > 0) attached.atEnd.set(place.container, pending);
}

/** Hands comments within a line on to the places in it; returns the ones that are in none. */
function attachInside(line: Line, comments: readonly IToken[], context: Context): string[] {
  const places = placesIn(line, context.tokens);
  const isIn = (comment: IToken, { start, end }: Place): boolean =>
    comment.startOffset >= start && comment.startOffset < end;
  for (const place of places) {
    attach(
      place,
      comments.filter((comment) => isIn(comment, place)),
      context,
    );
  }
  return comments
    .filter((comment) => !places.some((place) => isIn(comment, place)))
    .map(({ image }) => image.trimEnd());
}

function hasBlank(text: string, start: number, end: number): boolean {
  return start > 0 && /\n[ \t\r]*\n/.test(text.slice(start, end));
}

function isBeside(text: string, { span }: Line, comment: IToken): boolean {
  return /^[ \t,]*$/.test(text.slice(span.end, comment.startOffset));
}

function fileOf(file: ast.File): Place {
  const lines = [...file.imports, ...file.declarations];
  return { container: file, start: 0, end: file.span.end + 1, lines };
}

/** The places inside a line where comments may stay. */
function placesIn(line: Line, tokens: readonly IToken[]): Place[] {
  switch (line.kind) {
    case "kernel": {
      const { span, items } = line.table;
      return [{ container: line.table, start: span.start + 1, end: span.end, lines: items }];
    }
    case "block":
    case "model":
    case "quant":
    case "recipe": {
      const params = paramsOf(line, tokens);
      return params === undefined ? [bodyOf(line, tokens)] : [params, bodyOf(line, tokens)];
    }
    case "at":
      return [bodyOf(line, tokens)];
    default:
      return [];
  }
}

function bodyOf(
  owner: Exclude<ast.Declaration, ast.Kernel> | ast.At,
  tokens: readonly IToken[],
): Place {
  const { start, end } = owner.span;
  const brace = tokensBetween(tokens, start, end).find(({ tokenType }) => tokenType === LeftBrace);
  const bodyStart = brace === undefined ? end : endOf(brace);
  return { container: owner, start: bodyStart, end, lines: statementsOf(owner) };
}

function paramsOf(
  { name, params, span }: Exclude<ast.Declaration, ast.Kernel>,
  tokens: readonly IToken[],
): Place | undefined {
  const [open, ...others] = tokensBetween(tokens, name.span.end, span.end);
  if (open?.tokenType !== LeftParen) return undefined;
  const lastEnd = params.at(-1)?.span.end ?? endOf(open);
  const close = others.find(
    ({ tokenType, startOffset }) => tokenType === RightParen && startOffset >= lastEnd,
  );
  const end = close?.startOffset ?? span.end;
  return { container: params, start: endOf(open), end, lines: params };
}

function tokensBetween(tokens: readonly IToken[], start: number, end: number): IToken[] {
  const first = firstAtOrAfter(tokens, start);
  return tokens.slice(first, firstAtOrAfter(tokens, end));
}

function firstAtOrAfter(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.startOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
