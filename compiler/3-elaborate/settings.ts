import type { Call, Chain, Declaration, Expression, Quant, Recipe } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import { enumerate, suggest, type Diagnostic } from "../diagnostics/index.ts";
import type { Scope } from "../handover.ts";
import { matchArguments } from "./arguments.ts";
import { Context, type Environment } from "./context.ts";
import { bindParams } from "./params.ts";
import { Session } from "./session.ts";

/** How a kind of declaration that holds settings is looked for and read. */
interface SettingsKind<D extends Quant | Recipe, T> {
  readonly isKind: (declaration: Declaration) => declaration is D;
  readonly unknown: "config/unknown-policy" | "config/unknown-recipe";
  readonly read: (environment: Environment, declaration: D) => T;
}

/** What a policy or a recipe says, its parameters settled by the arguments of `call`. */
export function elaborateSettings<D extends Quant | Recipe, T>(
  { isKind, unknown, read }: SettingsKind<D, T>,
  scope: Scope,
  call: Call,
  mayGuess: boolean,
  session = new Session(),
): { readonly settings?: T; readonly diagnostics: readonly Diagnostic[] } {
  const context = new Context({ mayGuess, session });
  const settings = context.attempt(() => {
    const name = call.name.text;
    const bound = scope.get(name);
    if (!bound || !isKind(bound.declaration)) {
      const known = [...scope]
        .filter(([, other]) => isKind(other.declaration))
        .map(([text]) => text);
      const parameters = { name, suggestion: suggest(name, known), known: enumerate(known, "and") };
      return context.abandon(unknown, undefined, parameters);
    }
    const { declaration } = bound;
    const values = new Map();
    const outer = {
      context,
      scope: bound.scope,
      values,
      owner: name,
      stack: [],
      isSample: mayGuess,
    };
    const params = declaration.params.map((param) => param.name.text);
    const given = matchArguments(outer, call, params, name, "name/unknown-parameter");
    return read(
      { ...outer, values: bindParams(outer, outer, declaration.params, given, call) },
      declaration,
    );
  });
  return { ...(settings !== undefined && { settings }), diagnostics: context.diagnostics };
}

/** A bare word of a closed list. */
export function readWord<T extends string>(
  { context }: Environment,
  { span }: Expression | Chain,
  setting: string,
  known: readonly T[],
): T {
  const value = textOf(span);
  const word = known.find((one) => one === value);
  if (word !== undefined) return word;
  const parameters = {
    value,
    setting,
    suggestion: suggest(value, known),
    known: enumerate(known, "or"),
  };
  return context.abandon("name/unknown-value", span, parameters);
}
