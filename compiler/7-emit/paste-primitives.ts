import { readSource, type Declaration, type SourceFile } from "./declarations.ts";

/** Where primitives come from: the runtime's own files. */
export interface PrimitiveSources {
  /** Path of the file that exports a primitive, as `primitives/conv.ts`. */
  readonly fileOf: (primitive: string) => string;
  /** Text of such a file, or of one that it imports. */
  readonly read: (file: string) => string;
}

/** Name under which every file of the runtime, and every emitted module, has the engine. */
const engine = "tf";

/**
 * The declarations that some primitives need, each once, a primitive before what only it needs.
 * @throws Error (our bug) where two files declare the same name, which one module could not hold
 */
export function pastePrimitives(
  primitives: readonly string[],
  sources: PrimitiveSources,
): readonly Declaration[] {
  const files = new Map<string, SourceFile>();
  const pasted = new Map<string, Declaration & { readonly file: string }>();
  const open = primitives.map((name) => ({ name, file: sources.fileOf(name) }));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { name, file } = next;
    const known = pasted.get(name);
    if (known !== undefined) {
      if (known.file === file) continue;
      throw new Error(`repqc bug: \`${name}\` is declared in ${known.file} and in ${file}`);
    }
    const source = files.get(file) ?? readSource(sources.read(file), file);
    files.set(file, source);
    const declaration = source.declarations.find((one) => one.name === name);
    if (!declaration) throw new Error(`repqc bug: ${file} does not declare \`${name}\``);
    pasted.set(name, { ...declaration, file });
    open.unshift(...needsOf(declaration, source, file));
  }
  return [...pasted.values()].map(({ name, text }) => ({ name, text }));
}

/** Names outside a declaration that it mentions. */
function needsOf(
  { name, text }: Declaration,
  { declarations, imports }: SourceFile,
  file: string,
): readonly { name: string; file: string }[] {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
  const words = new Set(code.match(/(?<![.\w])\w+/g));
  const own = new Set(declarations.map((one) => one.name));
  return [...words].flatMap((word) => {
    if (word === name || word === engine) return [];
    if (own.has(word)) return [{ name: word, file }];
    const from = imports.get(word);
    return from === undefined ? [] : [{ name: word, file: from }];
  });
}
