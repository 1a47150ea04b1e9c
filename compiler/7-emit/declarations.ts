/** A top-level statement of a source file that is formatted by prettier. */
export interface Declaration {
  readonly name: string;
  /** With its comment, without `export`. */
  readonly text: string;
}

export interface SourceFile {
  readonly declarations: readonly Declaration[];
  /** File from which each imported name comes. */
  readonly imports: ReadonlyMap<string, string>;
}

const heading =
  /^(?:export )?(?:declare )?(?:async )?(?:function|const|let|class|type|interface) (\w+)/;
const importing = /^import (?:type )?\{([^}]*)\} from "([^"]+)";\n/gm;

/**
 * Takes a source file of ours apart. Its imports are lists of names, and its other statements begin at the start of a line, as prettier
 * leaves them.
 */
export function readSource(text: string, file: string): SourceFile {
  const imports = new Map<string, string>();
  for (const [, names = "", from = ""] of text.matchAll(importing)) {
    for (const name of names.split(",").map((one) => one.trim().replace(/^type /, ""))) {
      if (name !== "") imports.set(name, resolvePath(file, from));
    }
  }
  const body = text.replace(importing, "");
  const starts = [
    ...body.matchAll(
      /^(?:\/\*\*|\/\/|(?:export|declare|async|function|const|let|class|type|interface) )/gm,
    ),
  ];
  const pieces = starts.map(({ index }, n) => body.slice(index, starts[n + 1]?.index).trim());
  return { declarations: joinComments(pieces).map((piece) => declare(piece, file)), imports };
}

/** A comment belongs to what follows it. */
function joinComments(pieces: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let comment = "";
  for (const piece of pieces) {
    if (heading.test(piece)) {
      joined.push(comment + piece);
      comment = "";
    } else comment += `${piece}\n`;
  }
  return joined;
}

function declare(piece: string, file: string): Declaration {
  const code = piece.replace(/^(?:\/\*\*[^]*?\*\/|\/\/.*)\n/, "");
  const name = heading.exec(code)?.[1];
  if (name === undefined)
    throw new Error(`repqc bug: ${file} has a statement that nobody expected: ${code}`);
  return { name, text: piece.replace(/^export /m, "") };
}

function resolvePath(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
