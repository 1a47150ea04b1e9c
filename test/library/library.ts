import { compile, type Compiled, type CompileRequest } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { parse, type Declaration } from "../../grammar/index.ts";
import { folderHost, published } from "../compiler/compile-files.ts";

/** A file of the standard library. */
export interface LibraryFile {
  /** Below `specs/`, as `blocks/repvgg.repq`. */
  readonly path: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
}

export const library: readonly LibraryFile[] = [...published].map(([path, text]) => {
  const { file, problems } = parse({ path, text });
  if (problems.length > 0) throw new Error(`${path}: ${JSON.stringify(problems)}`);
  return { path, text, declarations: file.declarations };
});

/** Names that a file of the library declares, such as its policies. */
export function declared(path: string): readonly string[] {
  const file = library.find((one) => one.path === path);
  if (!file) throw new Error(`The library has no ${path}`);
  return file.declarations.map(({ name }) => name.text);
}

type Request = Omit<CompileRequest, "file">;

/** A user's file that imports everything of the files named, as `models/repvgg`, compiled. */
export function compileUser(from: readonly string[], request: Request = {}): Compiled {
  const imports = from.map(
    (path) => `import { ${declared(`${path}.repq`).join(", ")} } from "repq:${path}"\n`,
  );
  return compile({ file: "main.repq", ...request }, folderHost({ "main.repq": imports.join("") }));
}

/** A program of the library; it must be sound. */
export function programOf(from: readonly string[], request: Request): Program {
  const { program, diagnostics } = compileUser(from, request);
  if (!program || diagnostics.length > 0)
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}
