import type { Call, Declaration } from "../../grammar/index.ts";
import { print } from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, enumerate, suggest } from "../diagnostics/index.ts";
import type { Bound, Scope } from "../handover.ts";
import type { Model } from "../ir/index.ts";
import { matchArguments } from "./arguments.ts";
import { instantiateBlock } from "./block.ts";
import { Abandoned, Context, type Environment } from "./context.ts";
import { evaluateTable } from "./evaluate.ts";
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

/** A sample input for blocks that nothing uses. */
const sampleShape = [16, 16, 16] as const;

/** The model, or the block alone, that `request` names in `scope`. */
export function elaborateEntry(
  scope: Scope,
  file: string,
  { call, shape }: EntryRequest,
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
  const context = new Context(false);
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
 */
export function elaborateSample(bound: Bound): Elaborated {
  const context = new Context(true);
  context.hasGuessed = bound.declaration.kind === "block";
  const model = context.attempt(() => {
    const { declaration } = bound;
    if (declaration.kind === "kernel") {
      evaluateTable(environmentOf(context, bound), declaration.name.text, declaration.table);
    }
    if (declaration.kind !== "model" && declaration.kind !== "block") return undefined;
    const call: Call = { kind: "call", name: declaration.name, span: declaration.name.span };
    return elaborateDeclaration(
      context,
      bound,
      call,
      declaration.kind === "block" ? sampleShape : undefined,
    );
  });
  return { ...(model && { model }), diagnostics: context.diagnostics };
}

function environmentOf(context: Context, { declaration, scope }: Bound): Environment {
  return { context, scope, values: new Map(), owner: declaration.name.text, stack: [] };
}

function elaborateDeclaration(
  context: Context,
  bound: Bound,
  call: Call,
  shape: readonly number[] | undefined,
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
    );
    const values = bindParams(environment, environment, declaration.params, given, call);
    return elaborateModel({ ...environment, values }, declaration, entry, shape);
  }
  if (declaration.kind !== "block") throw new Abandoned();
  return blockAlone(environment, declaration, call, entry, shape);
}

/** A block as a model of its own: input `x`, weights without a prefix. */
function blockAlone(
  environment: Environment,
  block: Declaration & { readonly kind: "block" },
  call: Call,
  entry: string,
  shape: readonly number[] | undefined,
): Model {
  const [height = 0, width = 0, channels = 0] = shape ?? [];
  if (shape?.length !== 3) {
    const example = "--input-shape 32,32,16";
    environment.context.abandon("config/missing-input", undefined, { name: "x", example });
  }
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
    channels,
  );
  const output = addBlock(environment, builder, instance, from, "", call.span);
  return { entry, nodes: builder.nodes, output };
}
