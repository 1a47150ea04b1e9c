import type {
  Block,
  Declaration,
  Name,
  Param,
  Quant,
  Recipe,
  Setting,
  TypeAtom,
} from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Scope } from "../handover.ts";
import { opByName } from "../ops/index.ts";
import { checkChain, checkExpression, checkValue } from "./check-chain.ts";
import { checkModel } from "./check-model.ts";
import { checkUnique, hints, isMissing, namesOf, type Names } from "./names.ts";
import type { Problems } from "./problems.ts";
import { policySettings, recipeSettings, typeNames } from "./words.ts";

/** Reports names that mean nothing, whether or not anything uses the declaration. */
export function checkNames(declaration: Declaration, scope: Scope, problems: Problems): void {
  const params = declaration.kind === "kernel" ? [] : declaration.params;
  const names = namesOf(scope, params, problems);
  checkParams(names, params, scope, problems);
  switch (declaration.kind) {
    case "kernel":
      checkExpression(names, declaration.table);
      break;
    case "block":
      checkBlock(names, declaration);
      break;
    case "model":
      checkModel(names, declaration);
      break;
    case "quant":
      checkPolicy(names, declaration);
      break;
    case "recipe":
      checkRecipe(names, declaration);
      break;
  }
}

/** A default may use the parameters before its own, for they have their values by then. */
function checkParams(
  names: Names,
  params: readonly Param[],
  scope: Scope,
  problems: Problems,
): void {
  checkUnique(
    names,
    "parameters",
    params.map((param) => param.name),
  );
  const before = new Set<string>();
  const soFar = { ...namesOf(scope, [], problems), params: before };
  for (const { name, type, default: fallback } of params) {
    checkParamName(names, name, type.alternatives);
    for (const atom of type.alternatives) checkType(names, atom);
    if (fallback) checkExpression(soFar, fallback);
    before.add(name.text);
  }
}

function checkParamName(
  { report }: Names,
  { text, span }: Name,
  alternatives: readonly TypeAtom[],
): void {
  const isActivation = alternatives.some(
    (atom) => atom.kind === "typeName" && atom.name.text === "activation",
  );
  const isTaken = text === "in" || text === "out" || (isActivation && opByName.has(text));
  if (isTaken) report(() => diagnostic("name/reserved", span, { name: text, kind: "parameter" }));
}

function checkType({ report }: Names, atom: TypeAtom): void {
  if (atom.kind === "typeName") {
    const { text, span } = atom.name;
    if (isMissing(atom.name) || (typeNames as readonly string[]).includes(text)) return;
    report(() => diagnostic("name/unknown-type", span, { name: text, ...hints(text, typeNames) }));
  } else if (atom.kind === "typeRange" && atom.low > atom.high) {
    const parameters = {
      what: "a range",
      expected: `\`least..most\`, as \`${atom.high}..${atom.low}\``,
      found: textOf(atom.span),
    };
    report(() => diagnostic("type/out-of-range", atom.span, parameters));
  }
}

function checkBlock(names: Names, block: Block): void {
  for (const { condition } of block.requires) checkExpression(names, condition);
  for (const arg of block.becomes.args ?? []) checkValue(names, arg.value);
  checkUnique(
    names,
    "branches",
    block.branches.map((branch) => branch.name),
  );
  for (const { chain, copies, when } of block.branches) {
    checkChain(names, chain);
    for (const expression of [copies, when]) if (expression) checkExpression(names, expression);
  }
  for (const { chain } of block.thens) checkChain(names, chain);
}

function checkPolicy(names: Names, policy: Quant): void {
  const check = (settings: readonly Setting[]) => {
    checkSettings(names, settings, policySettings, (name, known) =>
      diagnostic("quant/unknown-setting", name.span, { name: name.text, ...known }),
    );
  };
  check(policy.settings);
  for (const { settings } of policy.ats) check(settings);
}

function checkRecipe(names: Names, recipe: Recipe): void {
  checkSettings(names, recipe.settings, recipeSettings, (name, known) =>
    diagnostic("name/unknown-setting", name.span, { name: name.text, ...known }),
  );
}

function checkSettings(
  names: Names,
  settings: readonly Setting[],
  known: readonly string[],
  build: (name: Name, hint: ReturnType<typeof hints>) => Diagnostic,
): void {
  checkUnique(
    names,
    "settings",
    settings.map((setting) => setting.name),
  );
  for (const { name } of settings) {
    if (!known.includes(name.text) && !isMissing(name))
      names.report(() => build(name, hints(name.text, known)));
  }
}
