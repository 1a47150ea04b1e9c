const escapes = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** The value of a string token: its quotes taken off and its escapes resolved; an unknown escape stands for its character. */
export function unescape(image: string): string {
  const isClosed = image.length > 1 && image.endsWith('"');
  const inner = image.slice(1, isClosed ? -1 : undefined);
  return inner.replace(/\\(.)/gsu, (_, letter: string) => escapes.get(letter) ?? letter);
}

/** The string token that stands for a value. */
export function quote(value: string): string {
  const inner = value
    .replace(/[\\"]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${inner}"`;
}
