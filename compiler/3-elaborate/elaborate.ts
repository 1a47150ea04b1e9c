import type { Call, Declaration, Source } from "../../grammar/index.ts";
import { print } from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, enumerate, isError, suggest } from "../diagnostics/index.ts";
import type { Bound, Scope } from "../handover.ts";
import type { Model } from "../ir/index.ts";
import { matchArguments } from "./arguments.ts";
import { instantiateBlock } from "./block.ts";
import { Session } from "./session.ts";
import { Abandoned, Context, type Environment } from "./context.ts";
import { evaluateTable } from "./evaluate.ts";
import { isShape } from "./input.ts";
import { elaborateModel } from "./model.ts";
import { ModelBuilder, addBlock, checkSize } from "./nodes.ts";
import { bindParams } from "./params.ts";

export interface Elaborated {
  readonly model?: Model;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a caller asks for: a declaration with arguments, and the input's [height, width, channels]. */
export interface EntryRequest {
  readonly call: Call;
  readonly shape: readonly number[] | undefined;
}

/**
 * Samples [height, width, in, out] for blocks that nothing uses. One that fits is enough: divisors, `in == out` and its opposite ask for
 * different ones. The map is larger than any kernel.
 */
const samples = [
  [256, 256, 16, 16],
  [256, 256, 16, 32],
  [256, 256, 720, 720],
  [256, 256, 1, 1],
] as const;

/** The model, or the block alone, that `request` names in `scope`. */
export function elaborateEntry(
  scope: Scope,
  file: string,
  { call, shape }: EntryRequest,
  session = new Session(),
): Elaborated {
  const name = call.name.text;
  const bound = scope.get(name);
  const kind = bound?.declaration.kind;
  if (!bound || (kind !== "model" && kind !== "block")) {
    const known = entriesOf(scope);
    const parameters = {
      file,
      kind: "model or block",
      name,
      suggestion: suggest(name, known),
      known: enumerate(known, "and"),
    };
    return { diagnostics: [diagnostic("config/unknown-entry", undefined, parameters)] };
  }
  const context = new Context({ session });
  const model = context.attempt(() => elaborateDeclaration(context, bound, call, shape));
  return { ...(model && { model }), diagnostics: context.diagnostics };
}

/** Names of everything that can be compiled. */
function entriesOf(scope: Scope): readonly string[] {
  return [...modelsOf(scope), ...namesOf(scope, "block")];
}

/** Names of the models that a file declares or imports. */
export function modelsOf(scope: Scope): readonly string[] {
  return namesOf(scope, "model");
}

function namesOf(scope: Scope, kind: Declaration["kind"]): readonly string[] {
  return [...scope]
    .filter(([, { declaration }]) => declaration.kind === kind)
    .map(([name]) => name);
}

/**
 * Looks at declarations that nothing uses, with sample arguments where parameters have no default, so that `repqc check` finds their mistakes.
 * @param judge what else is wrong with a model: another sample may fit better
 */
export function elaborateSample(
  bound: Bound,
  session: Session,
  judge: (model: Model) => readonly Diagnostic[] = () => [],
): Elaborated {
  const shapes = bound.declaration.kind === "block" ? samples : [undefined];
  const failed: Elaborated[] = [];
  for (const shape of shapes) {
    const found = sampled(bound, shape, session, judge);
    const errors = found.diagnostics.filter(isError);
    if (errors.every(({ code }) => conclusive.has(code))) return found;
    failed.push(found);
  }
  return failed.reduce(
    (best, next) => (isMoreTelling(next, best, bound.declaration.span.source) ? next : best),
    failed[0] ?? none,
  );
}

/** Mistakes that another sample would only meet again, after as much work. */
const conclusive: ReadonlySet<string> = new Set(["limit/nodes", "limit/work", "limit/depth"]);

const none: Elaborated = { diagnostics: [] };

/**
 * A sample that came further in the text, or as far with fewer errors, failed less by its own numbers of channels.
 * @param source where the declaration stands: offsets into what it imports say nothing of each other
 */
function isMoreTelling(next: Elaborated, best: Elaborated, { path }: Source): boolean {
  const [own, other] = [next, best].map(({ diagnostics }) => {
    const errors = diagnostics.filter(isError);
    const starts = errors.flatMap(({ span }) => (span?.source.path === path ? [span.start] : []));
    return { first: starts.toSorted((a, b) => a - b)[0], count: errors.length };
  });
  if (own?.first !== undefined && other?.first !== undefined && own.first !== other.first)
    return own.first > other.first;
  return (own?.count ?? 0) < (other?.count ?? 0);
}

function sampled(
  bound: Bound,
  shape: (typeof samples)[number] | undefined,
  session: Session,
  judge: (model: Model) => readonly Diagnostic[],
): Elaborated {
  const { declaration } = bound;
  const context = new Context({ mayGuess: true, session });
  context.hasGuessed = declaration.kind === "block";
  const model = context.attempt(() => {
    if (declaration.kind === "kernel")
      evaluateTable(environmentOf(context, bound), declaration.name.text, declaration.table);
    if (declaration.kind !== "model" && declaration.kind !== "block") return undefined;
    const call: Call = { kind: "call", name: declaration.name, span: declaration.name.span };
    return elaborateDeclaration(context, bound, call, shape?.slice(0, 3), shape?.[3]);
  });
  if (!model) return { diagnostics: context.diagnostics };
  return { model, diagnostics: [...context.diagnostics, ...judge(model)] };
}

function environmentOf(context: Context, { declaration, scope }: Bound): Environment {
  const owner = declaration.name.text;
  return { context, scope, values: new Map(), owner, stack: [], isSample: context.mayGuess };
}

function elaborateDeclaration(
  context: Context,
  bound: Bound,
  call: Call,
  shape: readonly number[] | undefined,
  out?: number,
): Model {
  const { declaration } = bound;
  const environment = environmentOf(context, bound);
  const entry = print(call);
  if (declaration.kind === "model") {
    const given = matchArguments(
      environment,
      call,
      declaration.params.map((param) => param.name.text),
      entry,
      "name/unknown-parameter",
    );
    const values = bindParams(environment, environment, declaration.params, given, call);
    return elaborateModel({ ...environment, values, isSample: false }, declaration, entry, shape);
  }
  if (declaration.kind !== "block") throw new Abandoned();
  return blockAlone(environment, declaration, call, entry, shape, out);
}

/** A block as a model of its own: input `x`, weights without a prefix. */
function blockAlone(
  environment: Environment,
  block: Declaration & { readonly kind: "block" },
  call: Call,
  entry: string,
  shape: readonly number[] | undefined,
  out?: number,
): Model {
  const example = "--input-shape 32,32,16";
  if (shape === undefined)
    return environment.context.abandon("config/missing-input", undefined, { name: "x", example });
  if (!isShape(shape)) {
    const parameters = { value: shape.join(","), option: "--input-shape" };
    const help = `give height, width and channels: \`${example}\``;
    environment.context.abandon("config/unknown-option-value", undefined, parameters, { help });
  }
  const [height = 0, width = 0, channels = 0] = shape;
  const builder = new ModelBuilder();
  const type = { kind: "map", height, width, channels } as const;
  checkSize(environment, type, "x", call.span);
  const isOpen = [true, true] as const;
  const from = builder.add({
    kind: "input",
    name: "x",
    type,
    isOpen,
    sign: "any",
    span: block.span,
  });
  const instance = instantiateBlock(
    environment,
    block,
    environment.scope,
    call,
    channels,
    "",
    out ?? channels,
  );
  const output = addBlock(environment, builder, instance, from, "", call.span);
  return { entry, nodes: builder.nodes, output };
}
