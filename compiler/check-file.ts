import type { Call, Declaration, Name, Span } from "../grammar/index.ts";
import { elaborateSample } from "./3-elaborate/elaborate.ts";
import { elaboratePolicy } from "./3-elaborate/policy.ts";
import { elaborateRecipe } from "./3-elaborate/recipe.ts";
import { Session } from "./3-elaborate/session.ts";
import { checkMerge } from "./4-merge/merge.ts";
import { quantize } from "./5-quantize/quantize.ts";
import { advisePolicy, adviseRecipe } from "./advise-settings.ts";
import type { Diagnostic } from "./diagnostics/index.ts";
import { isError } from "./diagnostics/index.ts";
import type { Bound, Scope } from "./handover.ts";
import type { Model } from "./ir/index.ts";

/** Every sound declaration of the file, with sample arguments; imported files are checked by themselves. */
export function checkFile(
  scope: Scope,
  file: string,
  early: readonly Diagnostic[],
): readonly Diagnostic[] {
  const session = new Session(({ span }) => isBroken(span, early));
  const bounds = [...scope.values()].filter(
    ({ declaration }) => declaration.span.source.path === file && !session.isBroken(declaration),
  );
  const models: Model[] = [];
  const check = (bound: Bound): readonly Diagnostic[] => {
    const { declaration } = bound;
    const { kind } = declaration;
    if (kind === "quant") return checkPolicy(scope, declaration, models, session);
    if (kind === "recipe") return checkRecipe(scope, declaration, session);
    const { model, diagnostics } = elaborateSample(bound, session, (one) =>
      checkMerge(one, kind === "block"),
    );
    if (model && kind === "model") models.push(model);
    return diagnostics;
  };
  return onePerPlace(
    checkOrder.flatMap((kind) =>
      bounds.filter(({ declaration }) => declaration.kind === kind).flatMap(check),
    ),
  );
}

/** Models first: what is wrong with a block where it is used tells more than what is wrong with a sample of it. */
const checkOrder = ["kernel", "model", "block", "quant", "recipe"] as const;

/** One mistake, met with other numbers at every use, is told once. */
function onePerPlace(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return found.filter(({ code, span }) => {
    const key = JSON.stringify([code, span?.source.path, span?.start, span?.end]);
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst || span === undefined;
  });
}

/** A policy by itself, and whether its selectors match anything in any model of the same file. */
function checkPolicy(
  scope: Scope,
  declaration: Declaration & { readonly kind: "quant" },
  models: readonly Model[],
  session: Session,
): readonly Diagnostic[] {
  const call = callOf(declaration.name);
  const { policy, diagnostics } = elaboratePolicy(scope, call, true, session);
  if (!policy) return diagnostics;
  const found = models.map((model) => quantize(model, policy).diagnostics);
  // Of a model, where they are not about a place in the policy.
  const ofModels = found.flat().filter(({ span }) => span === undefined);
  const [first = [], ...others] = found.map((all) => all.filter(({ span }) => span !== undefined));
  const elsewhere = others.map((other) => new Set(other.map(({ span }) => span)));
  const everywhere = first.filter(({ span }) => elsewhere.every((other) => other.has(span)));
  const advice = isSettled(declaration) ? advisePolicy(policy, declaration) : [];
  return [...diagnostics, ...advice, ...everywhere, ...ofModels];
}

function checkRecipe(
  scope: Scope,
  declaration: Declaration & { readonly kind: "recipe" },
  session: Session,
): readonly Diagnostic[] {
  const call = callOf(declaration.name);
  const { recipe, diagnostics } = elaborateRecipe(scope, call, true, session);
  if (!recipe || !isSettled(declaration)) return diagnostics;
  return [...diagnostics, ...adviseRecipe(recipe, declaration)];
}

/** Whether it says all by itself: of sample arguments nobody has to be told. */
function isSettled({ params }: Declaration & { readonly kind: "quant" | "recipe" }): boolean {
  return params.every((param) => param.default !== undefined);
}

/** A declaration without arguments. */
function callOf(name: Name): Call {
  return { kind: "call", name, span: name.span };
}

/**
 * A mistake inside a declaration has been reported; what follows from it would only be noise. Where the parser missed something at its end, it
 * points at the next token.
 */
function isBroken({ source, start, end }: Span, early: readonly Diagnostic[]): boolean {
  const behind = /\S/g;
  behind.lastIndex = end;
  const next = behind.exec(source.text)?.index ?? end;
  return early.some(
    (found) =>
      isError(found) &&
      found.span?.source.path === source.path &&
      found.span.start <= next &&
      found.span.end >= start,
  );
}
