/** The pipeline, from text to program: load, bind, elaborate, merge, quantize, lower. Emitting text from a program is `7-emit`. */
import type { Call } from "../grammar/index.ts";
import { parseCall } from "../grammar/index.ts";
import { load } from "./1-load/load.ts";
import { bind } from "./2-bind/bind.ts";
import { Session } from "./3-elaborate/session.ts";
import { elaborateEntry, modelsOf } from "./3-elaborate/elaborate.ts";
import { elaboratePolicy } from "./3-elaborate/policy.ts";
import { elaborateRecipe } from "./3-elaborate/recipe.ts";
import { checkMerge } from "./4-merge/merge.ts";
import { quantize, unquantized } from "./5-quantize/quantize.ts";
import { lower, type TrainForm } from "./6-lower/lower.ts";
import { advisePolicy, adviseRecipe } from "./advise-settings.ts";
import { checkFile } from "./check-file.ts";
import type { Diagnostic } from "./diagnostics/index.ts";
import { diagnostic, isError, sortDiagnostics, syntaxDiagnostics } from "./diagnostics/index.ts";
import type { Scope } from "./handover.ts";
import type { Host } from "./host.ts";
import type { Model, Program, QuantizedModel, RecipeSpec } from "./ir/index.ts";
import { verify } from "./ir/index.ts";
import { limits } from "./limits.ts";

export type { Host, Resolution } from "./host.ts";
export type { TrainForm } from "./6-lower/lower.ts";

export interface CompileRequest {
  readonly file: string;
  /** A model or block with arguments, as `Block(8, stride: 2)`. Without it the whole file is only checked. */
  readonly entry?: string;
  /** [height, width, channels] of the input: needed for a block, and for a model in place of its own height and width. */
  readonly shape?: readonly number[];
  /** A policy with arguments, as `W4A4`; without it floating point. */
  readonly policy?: string;
  /** The file whose declarations and imports the policy is looked up in; `file` unless told. */
  readonly policyFile?: string;
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
  const { early, scope } = read(request.file, host);
  const finish = (late: readonly Diagnostic[], rest: Partial<Compiled> = {}): Compiled => ({
    models: scope ? modelsOf(scope) : [],
    diagnostics: foremost([...early, ...late]),
    ...rest,
  });
  if (!scope || early.length >= limits.diagnostics) return finish([]);
  if (request.entry === undefined) return finish(checkFile(scope, request.file, early));
  if (early.some(isError)) return finish([]);

  const session = new Session();
  const entry = readCall("entry", request.entry);
  if (!entry.call) return finish(entry.diagnostics);
  const { call } = entry;
  const elaborated = elaborateEntry(scope, request.file, { call, shape: request.shape }, session);
  if (!elaborated.model) return finish(told(elaborated.diagnostics));
  const found = [...elaborated.diagnostics, ...checkMerge(elaborated.model)];
  const quantized = applyPolicy(scope, elaborated.model, request, session, host);
  const late = [...found, ...quantized.diagnostics];
  if (!quantized.model || late.some(isError)) return finish(told(late));
  const program = programOf(quantized.model, request);
  return finish(late, { program, model: quantized.model });
}

/** A file with what it imports, its names resolved; no scope where there is no file. */
function read(
  file: string,
  host: Host,
): { readonly early: readonly Diagnostic[]; readonly scope?: Scope | undefined } {
  const loaded = load(file, host);
  const bindings = bind(loaded.files);
  const named = bindings.diagnostics.filter((found) => !followsFrom(found, loaded.diagnostics));
  const early = [...loaded.diagnostics, ...named];
  return { early, scope: bindings.scopes.get(file) };
}

/** What stands behind a syntax problem on its line was read without sense. */
function followsFrom({ span }: Diagnostic, earlier: readonly Diagnostic[]): boolean {
  return earlier.some(({ code, span: problem }) => {
    if (!span || !problem || !code.startsWith("syntax/") || problem.source !== span.source)
      return false;
    if (problem.start > span.start) return false;
    return !span.source.text.slice(problem.start, span.start).includes("\n");
  });
}

/** The first diagnostics of many, errors before others. */
function foremost(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = sortDiagnostics(found);
  if (sorted.length <= limits.diagnostics) return sorted;
  const byWeight = [...sorted.filter(isError), ...sorted.filter((one) => !isError(one))];
  return sortDiagnostics(byWeight.slice(0, limits.diagnostics));
}

/** Whatever stops a compilation has told why. */
function told(found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (found.some(isError)) return found;
  throw new Error("repqc bug: the compilation stopped without saying why");
}

/** A recipe of a file, with arguments. */
export function compileRecipe(
  { file, recipe }: { readonly file: string; readonly recipe: string },
  host: Host,
): { readonly recipe?: RecipeSpec; readonly diagnostics: readonly Diagnostic[] } {
  const { early, scope } = read(file, host);
  const { call, diagnostics } = readCall("recipe", recipe);
  if (!call || !scope || early.some(isError))
    return { diagnostics: foremost([...early, ...diagnostics]) };
  const found = elaborateRecipe(scope, call);
  // Who shortens a recipe, to try it, knows that.
  if (!found.recipe || (call.args ?? []).length > 0) return found;
  const advice = adviseRecipe(found.recipe, scope.get(call.name.text)?.declaration);
  return { ...found, diagnostics: [...found.diagnostics, ...advice] };
}

function applyPolicy(
  own: Scope,
  model: Model,
  { file, policy, policyFile = file }: CompileRequest,
  session: Session,
  host: Host,
): { model?: QuantizedModel; diagnostics: readonly Diagnostic[] } {
  if (policy === undefined) return { model: unquantized(model), diagnostics: [] };
  const { call, diagnostics } = readCall("quant", policy);
  if (!call) return { diagnostics };
  const { scope, early } = policyFile === file ? { scope: own, early: [] } : read(policyFile, host);
  if (!scope || early.some(isError)) return { diagnostics: early };
  const elaborated = elaboratePolicy(scope, call, false, session);
  if (!elaborated.policy) return { diagnostics: elaborated.diagnostics };
  const placed = quantize(model, elaborated.policy);
  return {
    model: placed.quantized,
    diagnostics: [
      ...elaborated.diagnostics,
      ...advisePolicy(elaborated.policy, scope.get(call.name.text)?.declaration),
      ...placed.diagnostics,
      ...floatMerge(placed.quantized),
    ],
  };
}

/** What is quantized branch by branch has no low-bit merge: said before anyone takes the deployed form for it. */
function floatMerge({ on, policy, quantizers }: QuantizedModel): readonly Diagnostic[] {
  const isQuantized = [...quantizers.values()].some(({ input, kernel }) => input ?? kernel);
  if (on !== "branches" || !isQuantized) return [];
  return [diagnostic("quant/float-merge", undefined, { policy })];
}

/** A call given on the command line; its text stands in for a file in messages. */
function readCall(
  option: string,
  text: string,
): { call?: Call; diagnostics: readonly Diagnostic[] } {
  const { call, problems } = parseCall({ path: `--${option}`, text, isOption: true });
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
