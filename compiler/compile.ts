/** The pipeline, from text to program: load, bind, elaborate, merge, quantize, lower. Emitting text from a program is `7-emit`. */
import type { Call, Name, Span } from "../grammar/index.ts";
import { parseCall } from "../grammar/index.ts";
import { load } from "./1-load/load.ts";
import { bind } from "./2-bind/bind.ts";
import { elaborateEntry, elaborateSample, modelsOf } from "./3-elaborate/elaborate.ts";
import { elaboratePolicy } from "./3-elaborate/policy.ts";
import { elaborateRecipe } from "./3-elaborate/recipe.ts";
import { checkMerge } from "./4-merge/merge.ts";
import { quantize, unquantized } from "./5-quantize/quantize.ts";
import { lower, type TrainForm } from "./6-lower/lower.ts";
import type { Diagnostic } from "./diagnostics/index.ts";
import { diagnostic, isError, sortDiagnostics, syntaxDiagnostics } from "./diagnostics/index.ts";
import type { Scope } from "./handover.ts";
import type { Host } from "./host.ts";
import type { Model, Program, QuantizedModel, RecipeSpec } from "./ir/index.ts";
import { verify } from "./ir/index.ts";

export type { Host, Resolution } from "./host.ts";
export type { TrainForm } from "./6-lower/lower.ts";

export interface CompileRequest {
  readonly file: string;
  /** A model or block with arguments, as `RepVGG(8, stride: 2)`. Without it the whole file is only checked. */
  readonly entry?: string;
  /** [height, width, channels] of the input: needed for a block, and for a model in place of its own height and width. */
  readonly shape?: readonly number[];
  /** A policy with arguments, as `W4A4`; without it floating point. */
  readonly policy?: string;
  /** How islands train in floating point; `folded` unless said otherwise. */
  readonly form?: TrainForm;
}

export interface Compiled {
  /** Absent where there is no entry or there are errors. */
  readonly program?: Program;
  readonly model?: QuantizedModel;
  /** Models that the file declares or imports. */
  readonly models: readonly string[];
  /** By file and position. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles one entry of a file, or checks all of it. A user's mistakes come back as diagnostics; only our own are thrown. */
export function compile(request: CompileRequest, host: Host): Compiled {
  const loaded = load(request.file, host);
  const bindings = bind(loaded.files);
  const scope: Scope = bindings.scopes.get(request.file) ?? new Map();
  const early = [...loaded.diagnostics, ...bindings.diagnostics];
  const finish = (late: readonly Diagnostic[], rest: Partial<Compiled> = {}): Compiled => ({
    models: modelsOf(scope),
    diagnostics: sortDiagnostics([...early, ...late]),
    ...rest,
  });
  if (loaded.files.length === 0) return finish([]);
  if (request.entry === undefined) return finish(checkDeclarations(scope, request.file, early));
  if (early.some(isError)) return finish([]);

  const entry = readCall("entry", request.entry);
  if (!entry.call) return finish(entry.diagnostics);
  const elaborated = elaborateEntry(scope, request.file, {
    call: entry.call,
    shape: request.shape,
  });
  if (!elaborated.model) return finish(elaborated.diagnostics);
  const found = [...elaborated.diagnostics, ...checkMerge(elaborated.model)];
  const quantized = applyPolicy(scope, elaborated.model, request.policy);
  const late = [...found, ...quantized.diagnostics];
  if (!quantized.model || [...early, ...late].some(isError)) return finish(late);
  const program = programOf(quantized.model, request);
  return finish(late, { program, model: quantized.model });
}

/** Every sound declaration of the file, with sample arguments; imported files are checked by themselves. */
function checkDeclarations(
  scope: Scope,
  file: string,
  early: readonly Diagnostic[],
): readonly Diagnostic[] {
  return [...scope.values()].flatMap((bound) => {
    const { declaration } = bound;
    if (declaration.span.source.path !== file || isBroken(declaration.span, early)) return [];
    if (declaration.kind === "quant") return checkPolicy(scope, file, declaration.name);
    if (declaration.kind === "recipe") {
      return elaborateRecipe(scope, callOf(declaration.name), true).diagnostics;
    }
    const { model, diagnostics } = elaborateSample(bound);
    return model ? [...diagnostics, ...checkMerge(model)] : diagnostics;
  });
}

/** A policy by itself, and whether its selectors match anything in any model of the same file. */
function checkPolicy(scope: Scope, file: string, name: Name): readonly Diagnostic[] {
  const { policy, diagnostics } = elaboratePolicy(scope, callOf(name), true);
  if (!policy) return diagnostics;
  const models = [...scope.values()].flatMap((bound) => {
    const { kind, span } = bound.declaration;
    const isHere = kind === "model" && span.source.path === file;
    return isHere ? (elaborateSample(bound).model ?? []) : [];
  });
  const [first = [], ...others] = models.map((model) => quantize(model, policy).diagnostics);
  const everywhere = first.filter((found) =>
    others.every((other) => other.some(({ span }) => span === found.span)),
  );
  return [...diagnostics, ...everywhere];
}

/** A declaration without arguments. */
function callOf(name: Name): Call {
  return { kind: "call", name, span: name.span };
}

/** A recipe of a file, with arguments. */
export function compileRecipe(
  { file, recipe }: { readonly file: string; readonly recipe: string },
  host: Host,
): { readonly recipe?: RecipeSpec; readonly diagnostics: readonly Diagnostic[] } {
  const loaded = load(file, host);
  const bindings = bind(loaded.files);
  const early = [...loaded.diagnostics, ...bindings.diagnostics];
  const { call, diagnostics } = readCall("recipe", recipe);
  if (!call || early.some(isError))
    return { diagnostics: sortDiagnostics([...early, ...diagnostics]) };
  return elaborateRecipe(bindings.scopes.get(file) ?? new Map(), call);
}

/** A mistake inside a declaration has been reported; what follows from it would only be noise. */
function isBroken(span: Span, early: readonly Diagnostic[]): boolean {
  return early.some(
    (found) =>
      isError(found) &&
      found.span !== undefined &&
      found.span.source.path === span.source.path &&
      found.span.start <= span.end &&
      found.span.end >= span.start,
  );
}

function applyPolicy(
  scope: Scope,
  model: Model,
  policy: string | undefined,
): { model?: QuantizedModel; diagnostics: readonly Diagnostic[] } {
  if (policy === undefined) return { model: unquantized(model), diagnostics: [] };
  const { call, diagnostics } = readCall("quant", policy);
  if (!call) return { diagnostics };
  const elaborated = elaboratePolicy(scope, call);
  if (!elaborated.policy) return { diagnostics: elaborated.diagnostics };
  const placed = quantize(model, elaborated.policy);
  return {
    model: placed.quantized,
    diagnostics: [...elaborated.diagnostics, ...placed.diagnostics],
  };
}

/** A call given on the command line; its text stands in for a file in messages. */
function readCall(
  option: string,
  text: string,
): { call?: Call; diagnostics: readonly Diagnostic[] } {
  const { call, problems } = parseCall({ path: `--${option}`, text });
  if (call && problems.length === 0) return { call, diagnostics: [] };
  if (problems.length > 0) return { diagnostics: syntaxDiagnostics(problems) };
  return {
    diagnostics: [
      diagnostic("config/unknown-option-value", undefined, { value: text, option: `--${option}` }),
    ],
  };
}

function programOf(quantized: QuantizedModel, { file, form = "folded" }: CompileRequest): Program {
  const lowered = lower(quantized, form);
  for (const stage of ["train", "merge", "deploy"] as const) verify(lowered[stage], stage);
  const policy = quantized.policy === "" ? {} : { policy: quantized.policy };
  return {
    format: "repqc-program",
    version: 1,
    entry: quantized.model.entry,
    source: file,
    ...policy,
    ...lowered,
  };
}
