import { compile, type Compiled, type CompileRequest } from "../compiler/compile.ts";
import type { Diagnostic } from "../compiler/diagnostics/index.ts";
import { diagnostic, isError } from "../compiler/diagnostics/index.ts";
import type { Host } from "../compiler/host.ts";
import type { Program, QuantizedModel } from "../compiler/ir/index.ts";
import { parseShape, type EntryOptions } from "./entry-options.ts";
import { createHost } from "./host.ts";
import { parseReference } from "./reference.ts";
import { report } from "./report.ts";
import type { Terminal } from "./terminal.ts";
import { UserMistake } from "./user-mistake.ts";

export interface CompiledEntry {
  readonly program: Program;
  readonly model: QuantizedModel;
  /** Whether what neither the spec nor the command line says of the shape was taken from an input. */
  readonly isShapedByInput: boolean;
  /** The text of every spec that was read, by its path. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Compiles what the command line names; without `--entry` the file's only model. Warnings are printed.
 * @param actualShape [height, width, channels] of an input, for what neither the spec nor `--input-shape` says
 * @throws UserMistake
 */
export function compileEntry(
  path: string,
  options: EntryOptions,
  terminal: Terminal,
  actualShape?: readonly number[],
): CompiledEntry {
  const { folder } = terminal;
  const { root: roots = [], quant } = options;
  const policy = quant === undefined ? undefined : parseReference(quant);
  const opened = createHost({ folder, entry: path, roots, other: policy?.file });
  const { host, entry: file, other: policyFile, texts } = opened;
  const request: CompileRequest & { readonly entry: string } = {
    file,
    entry: options.entry ?? onlyModel(file, host),
    ...(policy && { policy: policy.call }),
    ...(policyFile !== undefined && { policyFile }),
    ...(options.form !== undefined && { form: options.form }),
    ...(options.inputShape !== undefined && { shape: parseShape(options.inputShape) }),
  };
  const first = compile(request, host);
  const shape = request.shape === undefined ? openShape(first, actualShape) : undefined;
  const compiled = shape === undefined ? first : compile({ ...request, shape }, host);
  const { program, model } = compiled;
  const diagnostics = compiled.diagnostics.map((one) => nameBlock(one, request.entry));
  if (!program || !model || diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  terminal.writeError(report(diagnostics, "text", terminal.errorStyle));
  return { program, model, isShapedByInput: shape !== undefined, texts };
}

/** A block has no declared input that could be missing: what it lacks is a shape. */
function nameBlock(found: Diagnostic, name: string): Diagnostic {
  if (found.code !== "config/missing-input") return found;
  return diagnostic("config/missing-shape", undefined, { name, example: "--input-shape 32,32,16" });
}

/** A shape for what was compiled without one, where the spec leaves that open: blocks always do. */
function openShape(
  { program, model, diagnostics }: Compiled,
  actual: readonly number[] | undefined,
): readonly number[] | undefined {
  if (actual === undefined) return undefined;
  if (diagnostics.some(({ code }) => code === "config/missing-input")) return actual;
  const input = model?.model.nodes.find((node) => node.kind === "input");
  if (input === undefined || !input.isOpen.includes(true)) return undefined;
  return program?.input.shape.map((side, axis) =>
    input.isOpen[axis] ? (actual[axis] ?? side) : side,
  );
}

/** The model of a file that declares one. */
function onlyModel(file: string, host: Host): string {
  const { models, diagnostics } = compile({ file }, host);
  const [first, ...others] = models;
  if (first !== undefined && others.length === 0) return first;
  if (diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  throw new UserMistake(chooseEntry(file, models));
}

function chooseEntry(file: string, models: readonly string[]): Diagnostic {
  if (models.length > 0) {
    const known = models.map((name) => `\`${name}\``).join(", ");
    const parameters = { file, kind: "models", known, flag: "--entry" };
    return diagnostic("config/several-entries", undefined, parameters);
  }
  const help = "name a block with `--entry NAME` and its input with `--input-shape H,W,C`";
  return diagnostic("config/no-entry", undefined, { file, kind: "model" }, { help });
}
