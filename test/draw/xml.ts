/** An element of an XML document. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

const namePattern = /^[A-Za-z_][\w.-]*$/;
const tag = /<(\/?)([^\s/>]+)((?:\s+[^\s=]+="[^"<]*")*)\s*(\/?)>/y;
const textPattern = /[^<]+/y;

/** Reads a document of elements, attributes and texts strictly. @throws where it is not well formed */
export function parseXml(document: string): Element {
  const root: Open = { name: "", attributes: new Map(), children: [] };
  const open: Open[] = [root];
  for (let at = 0; at < document.length;) {
    tag.lastIndex = textPattern.lastIndex = at;
    const found = tag.exec(document);
    const top = open.at(-1);
    if (!top) throw new Error(`more ends than starts before ${at}`);
    if (found) {
      at = tag.lastIndex;
      const [, end, name = "", attributes = "", isEmpty] = found;
      if (!namePattern.test(name)) throw new Error(`not a name: ${name}`);
      if (end) {
        if (top.name !== name) throw new Error(`</${name}> ends <${top.name}>`);
        open.pop();
        continue;
      }
      const element: Open = { name, attributes: readAttributes(attributes), children: [] };
      top.children.push(element);
      if (!isEmpty) open.push(element);
    } else {
      const text = textPattern.exec(document);
      if (!text) throw new Error(`neither a tag nor a text: ${document.slice(at, at + 60)}`);
      at = textPattern.lastIndex;
      top.children.push(decoded(text[0]));
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> has no end`);
  const elements = root.children.filter((child) => typeof child !== "string");
  const [only] = elements;
  if (!only || elements.length > 1) throw new Error("a document has one root");
  return only;
}

interface Open extends Element {
  readonly children: (Element | string)[];
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/([^\s=]+)="([^"]*)"/g)) {
    if (!namePattern.test(name) || attributes.has(name)) throw new Error(`attribute ${name}`);
    attributes.set(name, decoded(value));
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decoded(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text))
    throw new Error("a character that XML does not have");
  return text.replaceAll(/&(\w*);?/g, (all, name: string) => {
    const character = all.endsWith(";") ? entities[name] : undefined;
    if (character === undefined) throw new Error(`not an entity: ${all}`);
    return character;
  });
}

/** All elements of a name, in order. */
export function elementsOf(element: Element, name: string): readonly Element[] {
  const below = element.children.flatMap((child) =>
    typeof child === "string" ? [] : elementsOf(child, name),
  );
  return element.name === name ? [element, ...below] : below;
}
