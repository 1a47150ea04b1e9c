import type { Arg, Call, Chain, Expression, Span, Step } from "../../grammar/index.ts";
import { chainOfValue, textOf } from "../../grammar/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import { combinatorByName, opByName, type Combinator } from "../ops/index.ts";
import { activations, declaredNames, hints, isMissing, type Names } from "./names.ts";
import { functionNames } from "./words.ts";

export function checkChain(names: Names, chain: Chain): void {
  for (const step of chain.steps) checkStep(names, step);
}

export function checkStep(names: Names, { item, repeat }: Step): void {
  if (repeat) checkExpression(names, repeat);
  if (item.kind === "group") for (const term of item.terms) checkChain(names, term.chain);
  else checkStepCall(names, item);
}

/** An op, a block, or a parameter that stands for an activation. */
function checkStepCall(names: Names, call: Call): void {
  const { text, span } = call.name;
  const op = opByName.get(text);
  const bound = names.scope.get(text)?.declaration;
  const isParam = names.params.has(text);
  if (isMissing(call.name)) return;
  const combinator = combinatorByName.get(text);
  if (combinator) {
    checkCombinator(names, call, combinator);
    return;
  }
  if (op) checkLabels(names, call, "name/unknown-argument", Object.keys(op.params));
  else if (isParam) checkBare(names, call);
  else if (bound?.kind === "block") {
    const params = bound.params.map((param) => param.name.text);
    checkLabels(names, call, "name/unknown-parameter", params);
  } else if (bound) {
    const parameters = { name: text, found: `a ${bound.kind}`, expected: "an op or a block" };
    names.report(() => diagnostic("name/wrong-kind", span, parameters, usage(bound.kind, text)));
  } else if (text === "none") checkBare(names, call);
  else if (!names.scope.lost.has(text)) {
    names.report(() => {
      const words = [...opByName.keys(), ...combinatorByName.keys()];
      const known = [...words, ...declaredNames(names, "block")];
      return diagnostic("name/unknown-op", span, { name: text, ...hints(text, known) });
    });
  }
  for (const arg of call.args ?? []) checkValue(names, arg.value);
}

/** Chains, and as many as the word takes. */
function checkCombinator(names: Names, { name, args = [], span }: Call, word: Combinator): void {
  checkUnlabelled(names, name.text, args, "give its chains without a label");
  const surplus = args[word.most];
  if (surplus) {
    const parameters = { owner: name.text, limit: "one chain", found: args.length };
    const help = "join ops with `->`, or add chains in parentheses";
    names.report(() => diagnostic("type/unexpected-argument", surplus.span, parameters, { help }));
  }
  if (args.length < word.least) {
    const parameters = {
      owner: name.text,
      least: word.least === 1 ? "a chain" : "two chains or more",
      found: args.length === 0 ? "none here" : "only one here",
    };
    const help = args.length === 0 ? { help: `write it as in \`${word.example}\`` } : {};
    names.report(() => diagnostic("type/too-few-chains", span, parameters, help));
  }
  for (const { value } of args) {
    const chain = chainOfValue(value);
    if (chain) checkChain(names, chain);
    else names.report(() => notAChain(name.text, value.span));
  }
}

function notAChain(owner: string, span: Span) {
  const parameters = { what: `${owner}(...)`, expected: "a chain", found: textOf(span) };
  const help = "write an op, ops joined by `->`, or a sum of such in parentheses";
  return diagnostic("type/mismatch", span, parameters, { help });
}

function usage(kind: string, name: string): { help?: string } {
  return kind === "kernel" ? { help: `write \`filter(${name})\`` } : {};
}

/** A name that stands for a value takes no arguments. */
function checkBare({ report }: Names, { name, args }: Call): void {
  const [first] = args ?? [];
  if (!first) return;
  const parameters = { owner: name.text, limit: "no arguments", found: args?.length ?? 0 };
  const help =
    "leave it out; an activation gets its arguments where it is chosen: `act: prelu(init: 0.1)`";
  report(() => diagnostic("type/unexpected-argument", first.span, parameters, { help }));
}

function checkLabels(
  { report }: Names,
  call: Call,
  code: "name/unknown-argument" | "name/unknown-parameter",
  known: readonly string[],
): void {
  const isBlock = code === "name/unknown-parameter";
  const args = call.args ?? [];
  const most = known.length + (isBlock ? 1 : 0);
  const owner = call.name.text;
  const surplus = args.filter((arg) => !arg.label)[most];
  if (surplus) {
    const limit = most === 0 ? "no arguments" : `at most ${most} argument${most > 1 ? "s" : ""}`;
    const parameters = { owner, limit, found: args.length };
    report(() => diagnostic("type/unexpected-argument", surplus.span, parameters));
  }
  const all = new Set(known);
  for (const { label } of args) {
    if (!label || all.has(label.text) || (isBlock && label.text === "out")) continue;
    report(() => {
      const parameters = { op: owner, owner, name: label.text, ...hints(label.text, known) };
      return diagnostic(code, label.span, parameters, isBlock ? {} : ofPromise(owner, label.text));
    });
  }
}

/** What an op of a branch with taps does not have, but the convolution that the branches become. */
function ofPromise(op: string, name: string): { readonly help?: string } {
  const { kind, params = {} } = opByName.get(op) ?? {};
  const hasTaps = kind === "affine" && ("size" in params || "taps" in params);
  const example = { stride: "stride: 2", pad: "pad: 0" }[name];
  if (!hasTaps || example === undefined) return {};
  return { help: `say it in the promise of a block: \`=> conv(3x3, ${example})\`` };
}

export function checkValue(names: Names, value: Expression | Chain): void {
  if (value.kind === "chain") checkChain(names, value);
  else checkExpression(names, value);
}

export function checkExpression(names: Names, expression: Expression): void {
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
      for (const arg of expression.args ?? []) checkValue(names, arg.value);
      break;
  }
}

/** A name in an expression: a parameter before all others, `in`, `out`, a kernel, an activation, or a function. */
function checkName(names: Names, call: Call): void {
  const { text, span } = call.name;
  const bound = names.scope.get(text)?.declaration;
  const op = opByName.get(text);
  const isFunction = (functionNames as readonly string[]).includes(text);
  if (isMissing(call.name)) return;
  if (names.params.has(text) || text === "in" || text === "out" || text === "none")
    checkBare(names, call);
  else if (bound?.kind === "kernel") checkBare(names, call);
  else if (bound) {
    const parameters = { name: text, found: `a ${bound.kind}`, expected: "a value" };
    names.report(() => diagnostic("name/wrong-kind", span, parameters));
  } else if (op?.kind === "map")
    checkLabels(names, call, "name/unknown-argument", Object.keys(op.params));
  else if (op || combinatorByName.has(text)) {
    const parameters = { name: text, found: "an op of a branch", expected: "a value" };
    names.report(() => diagnostic("name/wrong-kind", span, parameters));
  } else if (isFunction && call.args) checkUnlabelled(names, text, call.args);
  else if (isFunction) {
    const help = `\`${text}\` is a function: write \`${text}(...)\``;
    names.report(() => diagnostic("name/unknown-name", span, { name: text }, { help }));
  } else if (!names.scope.lost.has(text)) {
    names.report(() => {
      const own = ["in", "out", ...names.params, ...declaredNames(names, "kernel")];
      const known = call.args ? [...functionNames, ...activations] : [...own, ...activations];
      return diagnostic("name/unknown-name", span, { name: text, ...hints(text, known) });
    });
  }
}

function checkUnlabelled(
  { report }: Names,
  name: string,
  args: readonly Arg[],
  help = "give its arguments without a label",
): void {
  for (const { label } of args) {
    if (!label) continue;
    const parameters = { op: name, name: label.text };
    report(() => diagnostic("name/unknown-argument", label.span, parameters, { help }));
  }
}
