import type {
  Block,
  Call,
  Chain,
  Declaration,
  Expression,
  Flow,
  Model,
  Name,
  Param,
  Quant,
  Recipe,
  Setting,
  Step,
} from "../../grammar/index.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic, enumerate, suggest } from "../diagnostics/index.ts";
import { opByName } from "../ops/index.ts";
import type { Scope } from "../handover.ts";
import { functionNames, policySettings, recipeSettings, typeNames } from "./words.ts";

type Report = (diagnostic: Diagnostic) => void;

/** What a name inside a declaration can mean besides the file's scope. */
interface Names {
  readonly scope: Scope;
  /** Names of imports that went wrong: said once, where they are imported. */
  readonly lost: ReadonlySet<string>;
  readonly params: readonly Param[];
  readonly report: Report;
}

/** Reports names that mean nothing, whether or not anything uses the declaration. */
export function checkNames(
  declaration: Declaration,
  scope: Scope,
  lost: ReadonlySet<string>,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const params = declaration.kind === "kernel" ? [] : declaration.params;
  const names = { scope, lost, params, report: (one: Diagnostic) => diagnostics.push(one) };
  checkParams(names);
  switch (declaration.kind) {
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
    case "kernel":
      break;
  }
  return diagnostics;
}

function checkParams(names: Names): void {
  for (const { name } of names.params) {
    if (name.text !== "in" && name.text !== "out") continue;
    names.report(diagnostic("name/reserved", name.span, { name: name.text, kind: "parameter" }));
  }
  checkUnique(
    names,
    "parameters",
    names.params.map((param) => param.name),
  );
  for (const { type, default: fallback } of names.params) {
    for (const alternative of type.alternatives) {
      if (
        alternative.kind !== "typeName" ||
        (typeNames as readonly string[]).includes(alternative.name.text)
      )
        continue;
      const { text, span } = alternative.name;
      names.report(
        diagnostic("name/unknown-type", span, { name: text, ...hints(text, typeNames) }),
      );
    }
    if (fallback) checkExpression(names, fallback);
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

function checkModel(names: Names, model: Model): void {
  for (const { condition } of model.requires) checkExpression(names, condition);
  checkUnique(
    names,
    "names",
    [...model.inputs, ...model.bindings].map((node) => node.name),
  );
  if (model.inputs.length === 0) return;
  const known = new Set(model.inputs.map((input) => input.name.text));
  for (const binding of model.bindings) {
    checkFlow(names, binding.flow, known);
    known.add(binding.name.text);
  }
  for (const { flow } of model.outputs) checkFlow(names, flow, known);
  reportUnused(names, model);
}

function checkFlow(names: Names, flow: Flow, known: ReadonlySet<string>): void {
  for (const source of flow.sources) {
    if (source.kind === "parenthesised") checkFlow(names, source.flow, known);
    else if (!known.has(source.name.text)) {
      const { text, span } = source.name;
      names.report(
        diagnostic("name/unknown-name", span, { name: text, ...hints(text, [...known]) }),
      );
    }
  }
  for (const step of flow.steps) checkStep(names, step);
}

function reportUnused(names: Names, model: Model): void {
  const used = new Set<string>();
  const visit = (flow: Flow): void => {
    for (const source of flow.sources) {
      if (source.kind === "reference") used.add(source.name.text);
      else visit(source.flow);
    }
  };
  for (const { flow } of [...model.bindings, ...model.outputs]) visit(flow);
  for (const { name } of model.bindings) {
    if (!used.has(name.text))
      names.report(diagnostic("name/unused", name.span, { name: name.text }));
  }
}

function checkChain(names: Names, chain: Chain): void {
  for (const step of chain.steps) checkStep(names, step);
}

function checkStep(names: Names, { item, repeat }: Step): void {
  if (repeat) checkExpression(names, repeat);
  if (item.kind === "group") for (const term of item.terms) checkChain(names, term.chain);
  else checkStepCall(names, item);
}

/** An op, a block, or a parameter that stands for an activation. */
function checkStepCall(names: Names, call: Call): void {
  const { text, span } = call.name;
  const op = opByName.get(text);
  const bound = names.scope.get(text);
  const isParam = names.params.some((param) => param.name.text === text);
  if (bound && bound.declaration.kind !== "block") {
    const { kind } = bound.declaration;
    names.report(
      diagnostic("name/wrong-kind", span, {
        name: text,
        found: `a ${kind}`,
        expected: "an op or a block",
      }),
    );
  } else if (op) {
    checkLabels(names, call, "name/unknown-argument", Object.keys(op.params));
  } else if (bound?.declaration.kind === "block") {
    checkLabels(
      names,
      call,
      "name/unknown-parameter",
      bound.declaration.params.map((param) => param.name.text),
    );
  } else if (!isParam && text !== "none" && !names.lost.has(text)) {
    const blocks = [...names.scope]
      .filter(([, { declaration }]) => declaration.kind === "block")
      .map(([name]) => name);
    const known = [...opByName.keys(), ...blocks];
    names.report(diagnostic("name/unknown-op", span, { name: text, ...hints(text, known) }));
  }
  for (const arg of call.args ?? []) checkValue(names, arg.value);
}

function checkLabels(
  names: Names,
  call: Call,
  code: "name/unknown-argument" | "name/unknown-parameter",
  known: readonly string[],
): void {
  const isBlock = code === "name/unknown-parameter";
  const args = call.args ?? [];
  const most = known.length + (isBlock ? 1 : 0);
  const surplus = args.filter((arg) => !arg.label)[most];
  if (surplus) {
    const limit = most === 0 ? "no arguments" : `at most ${most} arguments`;
    const parameters = { owner: call.name.text, limit, found: args.length };
    names.report(diagnostic("type/unexpected-argument", surplus.span, parameters));
  }
  for (const { label } of args) {
    if (!label || known.includes(label.text) || (isBlock && label.text === "out")) continue;
    const parameters = {
      op: call.name.text,
      owner: call.name.text,
      name: label.text,
      ...hints(label.text, known),
    };
    names.report(diagnostic(code, label.span, parameters));
  }
}

function checkValue(names: Names, value: Expression | Chain): void {
  if (value.kind === "chain") checkChain(names, value);
  else checkExpression(names, value);
}

function checkExpression(names: Names, expression: Expression): void {
  switch (expression.kind) {
    case "binary":
      checkExpression(names, expression.left);
      checkExpression(names, expression.right);
      break;
    case "not":
      checkExpression(names, expression.operand);
      break;
    case "parenthesised-expression":
      checkExpression(names, expression.inner);
      break;
    case "list":
      for (const item of expression.items) checkExpression(names, item);
      break;
    case "call":
      checkName(names, expression);
      break;
  }
}

function checkName(names: Names, call: Call): void {
  const { text, span } = call.name;
  const bound = names.scope.get(text);
  if (bound && bound.declaration.kind !== "kernel") {
    const found = `a ${bound.declaration.kind}`;
    names.report(diagnostic("name/wrong-kind", span, { name: text, found, expected: "a value" }));
    return;
  }
  const kernels = [...names.scope]
    .filter(([, { declaration }]) => declaration.kind === "kernel")
    .map(([name]) => name);
  const activations = [...opByName.values()].filter((op) => op.kind === "map").map((op) => op.name);
  const own = ["in", "out", ...names.params.map((param) => param.name.text), ...kernels];
  const known = call.args ? [...functionNames, ...activations] : [...own, ...activations, "none"];
  if (!known.includes(text) && !names.lost.has(text)) {
    names.report(diagnostic("name/unknown-name", span, { name: text, ...hints(text, own) }));
  }
  for (const arg of call.args ?? []) checkValue(names, arg.value);
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
    if (!known.includes(name.text)) names.report(build(name, hints(name.text, known)));
  }
}

function checkUnique({ report }: Names, kind: string, all: readonly Name[]): void {
  const first = new Map<string, Name>();
  for (const name of all) {
    const earlier = first.get(name.text);
    if (!earlier) first.set(name.text, name);
    else {
      const related = [{ span: earlier.span, label: "the first one" }];
      report(diagnostic("name/duplicate", name.span, { kind, name: name.text }, { related }));
    }
  }
}

function hints(text: string, known: readonly string[]) {
  return {
    suggestion: suggest(text, known),
    known: enumerate(known, "or"),
  };
}
