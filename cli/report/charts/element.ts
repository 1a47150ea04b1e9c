/** An XML attribute; what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element of an SVG or an HTML page. Children are markup already: texts go through {@link escaped}. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const list = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${attributeText(value)}"`]))
    .join("");
  return children.length === 0
    ? `<${name}${list}/>`
    : `<${name}${list}>${children.join("")}</${name}>`;
}

function attributeText(value: string | number): string {
  return typeof value === "number" ? coordinate(value) : escaped(value);
}

/** Pixels, to a hundredth. @throws where a chart would place something nowhere, which is our bug */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`repqc bug: a chart places something at ${value}`);
  return String(Math.round(value * 100) / 100);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as XML; characters that XML does not know are left out. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? "");
}

export type Anchor = "start" | "middle" | "end";

/** One line of text. */
export function label(
  text: string,
  at: { readonly x: number; readonly y: number; readonly anchor?: Anchor; readonly style?: string },
): string {
  const { x, y, anchor = "start", style = "note" } = at;
  return element("text", { class: style, x, y, "text-anchor": anchor }, escaped(text));
}

/** Letters of the usual sans-serif fonts are narrower than this share of their size, on average over a word. */
const widestLetter = 0.6;

/** A text that fits; of what is longer the end, for that tells paths apart. */
export function fitted(text: string, width: number, size = 11): string {
  const characters = [...text];
  const most = Math.floor(width / (size * widestLetter));
  return characters.length <= most ? text : `…${characters.slice(1 - most).join("")}`;
}

/** Pixels that a text takes at most, at the charts' size of letters. */
export function roomFor(text: string, size = 11): number {
  return [...text].length * size * widestLetter;
}
