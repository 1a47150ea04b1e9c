/** Widths of Helvetica's and Arial's characters in thousandths of the font size. */
const charactersByWidth: Readonly<Record<number, string>> = {
  222: "ijl'|",
  278: " \u00A0ftI.,:;/[]!\\",
  333: "r-()·`",
  389: '*"',
  500: "cksvxyzJ",
  556: "abdeghnopqu0123456789L_?$#",
  584: "+=<>~×−",
  611: "FTZ",
  667: "ABEKPSVXY&",
  722: "CDHNRUw",
  778: "GOQ",
  833: "mM",
  889: "%",
  944: "W",
};

const widths: ReadonlyMap<string, number> = new Map(
  Object.entries(charactersByWidth).flatMap(([width, characters]) =>
    [...characters].map((character) => [character, Number(width)] as const),
  ),
);

/** Letters of other scripts and arrows are at most about square. */
const widest = 1000;

/** Bold letters are this much wider. */
const boldness = 1.07;

/** Where neither is installed, the font that stands in for them may be up to a seventh wider; what is beyond this, padding absorbs. */
const slack = 1.1;

/** How wide a text is drawn at most, in pixels. */
export function textWidth(text: string, size: number, isBold = false): number {
  let thousandths = 0;
  for (const character of text) thousandths += widths.get(character) ?? widest;
  return (thousandths / 1000) * size * slack * (isBold ? boldness : 1);
}

/** The text, or as much of it as fits, with an ellipsis behind. */
export function shortened(text: string, width: number, size: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= width) return text;
  const characters = [...text];
  let [fits, tooMany] = [0, characters.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    const attempt = `${characters.slice(0, middle).join("")}…`;
    if (textWidth(attempt, size, isBold) <= width) fits = middle;
    else tooMany = middle;
  }
  return `${characters.slice(0, fits).join("").trimEnd()}…`;
}
