import type { IToken } from "chevrotain";
import { endOf } from "./lexer.ts";
import type { Tokens } from "./lexer.ts";
import { Documentation } from "./tokens.ts";

/**
 * Documentation by the offset of the token it stands above: all `///` lines between the token before and this one, but not one that
 * ends a line of code.
 */
export function documentationOf(text: string, { tokens, comments }: Tokens): Map<number, string> {
  const docs = new Map<number, string>();
  let next = 0;
  let previousEnd = 0;
  for (const token of tokens) {
    const lines: string[] = [];
    for (; next < comments.length && comments[next]!.startOffset < token.startOffset; next++) {
      const comment = comments[next]!;
      if (comment.tokenType !== Documentation) continue;
      if (startsLine(text, previousEnd, comment)) lines.push(documentationText(comment));
      previousEnd = endOf(comment);
    }
    if (lines.length > 0) docs.set(token.startOffset, lines.join("\n"));
    previousEnd = endOf(token);
  }
  return docs;
}

function startsLine(text: string, previousEnd: number, comment: IToken): boolean {
  return previousEnd === 0 || text.slice(previousEnd, comment.startOffset).includes("\n");
}

function documentationText(comment: IToken): string {
  return comment.image.replace(/^\/\/\/ ?/, "").trimEnd();
}
