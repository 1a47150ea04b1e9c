import { displayLine, visible } from "./display-line.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { excerptsOf } from "./excerpt.ts";
import type { Excerpt, ExcerptLine, Mark } from "./excerpt.ts";
import { plainStyle } from "./text-style.ts";
import type { TextStyle } from "./text-style.ts";

/** Diagnostics as a person reads them, a blank line between two; empty for none, else ending in a line break. */
export function renderText(found: readonly Diagnostic[], style: TextStyle = plainStyle): string {
  return found.map((one) => renderOne(one, style)).join("\n");
}

function renderOne(found: Diagnostic, style: TextStyle): string {
  const excerpts = excerptsOf(found);
  const numbers = excerpts.flatMap(({ lines }) => lines.map(({ line }) => line));
  const page: Page = { style, found, gutter: String(Math.max(0, ...numbers)).length };
  const heading = style[found.severity](`${found.severity}[${found.code}]`);
  const lines = [
    `${heading}${style.strong(`: ${visible(found.message)}`)}`,
    ...excerpts.flatMap((excerpt, index) => renderExcerpt(excerpt, index === 0, page)),
    ...(found.help === undefined ? [] : note("help", found.help, page)),
    ...note("more", `repqc explain ${found.code}`, page),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

interface Page {
  readonly style: TextStyle;
  readonly found: Diagnostic;
  /** Columns that the line numbers take. */
  readonly gutter: number;
}

function renderExcerpt(
  { source, place, lines }: Excerpt,
  isFirst: boolean,
  page: Page,
): readonly string[] {
  const corner = page.style.frame(`${" ".repeat(page.gutter)} ${isFirst ? "┌─" : "├─"}`);
  const location = `${corner} ${visible(source.path)}:${place.line}:${place.column}`;
  return [location, ...lines.flatMap((line) => renderLine(line, page))];
}

function renderLine({ line, text, marks, followsGap }: ExcerptLine, page: Page): readonly string[] {
  const { frame } = page.style;
  const blank = " ".repeat(page.gutter);
  const focus = marks.find(({ isPrimary }) => isPrimary) ?? marks[0];
  const shown = displayLine(text, focus?.from ?? 0);
  return [
    ...(followsGap ? [frame(`${blank} ·`)] : []),
    `${frame(`${String(line).padStart(page.gutter)} │`)} ${shown.text}`,
    ...marks.map((mark) => `${frame(`${blank} │`)} ${underline(mark, shown.columns, page)}`),
  ];
}

function underline(mark: Mark, columns: readonly number[], { style, found }: Page): string {
  const end = columns.length - 1;
  const from = columns[Math.min(mark.from, end)]!;
  const to = columns[Math.min(mark.to, end)]!;
  const line = (mark.isPrimary ? "^" : "-").repeat(Math.max(1, to - from));
  const text = mark.label === undefined ? line : `${line} ${visible(mark.label)}`;
  const paint = mark.isPrimary ? style[found.severity] : style.related;
  return `${" ".repeat(from)}${paint(text)}`;
}

function note(title: string, text: string, { gutter, style }: Page): readonly string[] {
  const [first = "", ...rest] = text.split("\n").map(visible);
  const indent = " ".repeat(gutter + " = ".length + title.length + ": ".length);
  return [
    `${" ".repeat(gutter)} ${style.frame("=")} ${style.strong(`${title}:`)} ${first}`,
    ...rest.map((line) => indent + line),
  ];
}
