import { catalog } from "../compiler/diagnostics/index.ts";
import type { CatalogEntry, Code, ExampleFile, TextStyle } from "../compiler/diagnostics/index.ts";

const WIDTH = 80;
/** Longer examples make their point by their length alone. */
const LONGEST_EXAMPLE = 30;
const LONGEST_LINE = 100;

/** One section of specs/diagnostics as text for a terminal. */
export function explanation(code: Code, style: TextStyle): string {
  const entry: CatalogEntry = catalog[code];
  const heading = `${style[entry.severity](`${entry.severity}[${code}]`)}${style.strong(`: ${withBlanks(entry.message)}`)}`;
  const paragraphs = entry.why.split("\n\n").map((paragraph) => wrap(paragraph).join("\n"));
  const help = entry.help
    .slice(0, 1)
    .map((text) => wrap(`What to do: ${withBlanks(text)}`).join("\n"));
  const parts = [
    heading,
    ...paragraphs,
    ...help,
    ...example("This is reported", entry.fails, style),
    ...example("This is fine", entry.passes, style),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** All codes with their messages, area by area. */
export function codeList(style: TextStyle): string {
  const codes = Object.entries<CatalogEntry>(catalog);
  const width = Math.max(...codes.map(([code]) => code.length));
  const lines = codes.map(([code, { message, severity }], index) => {
    const isNewArea = index > 0 && areaOf(codes[index - 1]![0]) !== areaOf(code);
    const text = message === "{message}" ? "(says what was found and what was expected)" : message;
    return `${isNewArea ? "\n" : ""}${style[severity](code.padEnd(width))}  ${withBlanks(text)}\n`;
  });
  return lines.join("");
}

function areaOf(code: string): string {
  return code.slice(0, code.indexOf("/"));
}

function example(
  title: string,
  files: readonly ExampleFile[],
  style: TextStyle,
): readonly string[] {
  if (files.length === 0) return [];
  const blocks = files.map(({ path, language, text }) => {
    const name = files.length === 1 || language === "sh" ? "" : `  ${style.frame(`// ${path}`)}\n`;
    return (
      name +
      shortened(text.trimEnd().split("\n"))
        .map((line) => `  ${line}`.trimEnd())
        .join("\n")
    );
  });
  return [`${style.strong(`${title}:`)}\n\n${blocks.join("\n\n")}`];
}

function shortened(lines: readonly string[]): readonly string[] {
  const narrow = lines.map((line) =>
    line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line,
  );
  if (narrow.length <= LONGEST_EXAMPLE) return narrow;
  const shown = narrow.slice(0, LONGEST_EXAMPLE - 5);
  return [...shown, `… and ${narrow.length - shown.length} more lines of the kind`];
}

/** `{name}` and `{name?}` as `<name>`, the way usage lines show what varies. */
function withBlanks(template: string): string {
  return template.replace(/\{([a-z][A-Za-z]*)\??\}/g, (_, name: string) => `<${name}>`);
}

function wrap(paragraph: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}
