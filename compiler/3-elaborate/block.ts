import type { Arg, Block, Branch, Call, Group } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import type { Affine, AffineTerm, Promised } from "../ir/index.ts";
import { reachOf, weightPath } from "../ir/index.ts";
import { limits } from "../limits.ts";
import { opByName } from "../ops/index.ts";
import { matchArguments } from "./arguments.ts";
import { barrierOf, type Barrier } from "./barrier.ts";
import { elaborateChain, elaborateOp, unrolled, type ChainContext } from "./chain.ts";
import type { Environment } from "./context.ts";
import { evaluateBoolean, evaluateCount } from "./evaluate.ts";
import { bindParams } from "./params.ts";
import { elaboratePromise, promised, type Promise } from "./promise.ts";
import { describe, type Value } from "./value.ts";

/** A block with channels settled: an affine body, then barriers, with further affine stretches between them. */
export interface BlockInstance {
  readonly label: string;
  readonly promised: Promised;
  readonly promisedAt: Call["span"];
  readonly body: Affine;
  readonly rest: readonly (Barrier | Affine)[];
}

/** A block used at `call`, where `entering` channels come in; its weights' paths begin with `path`. */
export function instantiateBlock(
  caller: Environment,
  block: Block,
  scope: Environment["scope"],
  call: { readonly span: Call["span"]; readonly args?: readonly Arg[] },
  entering: number,
  path: string,
  wanted?: number,
): BlockInstance {
  const { context } = caller;
  const owner = block.name.text;
  checkNesting(caller, owner, call);
  const names = ["out", ...block.params.map((param) => param.name.text)];
  const given = matchArguments(caller, { ...call, kind: "call", name: block.name }, names, owner);
  const out = outputChannels(caller, given.get("out"), wanted, owner, call.span);
  const values = new Map<string, Value>([
    ["in", entering],
    ["out", out],
  ]);
  const stack = [...caller.stack, owner];
  const inner: Environment = { context, scope, owner, values, stack };
  const environment = { ...inner, values: bindParams(caller, inner, block.params, given, call) };
  checkRequires(environment, block);
  const promise = elaboratePromise(environment, block, { in: entering });
  const chainContext = {
    environment,
    wanted: out,
    inherited: promise.inherited,
    nested: elaborateNested,
  };
  const sum = elaborateBranches(chainContext, block, entering, out, path);
  return withThen(chainContext, block, promise, sum, path);
}

function checkNesting(
  { context, stack }: Environment,
  name: string,
  { span }: { readonly span: Call["span"] },
): void {
  if (stack.includes(name)) {
    const cycle = [...stack.slice(stack.indexOf(name)), name].join(" -> ");
    context.abandon("name/recursion", span, { name, cycle });
  }
  if (stack.length >= limits.depth) context.abandon("limit/depth", span, { limit: limits.depth });
}

/** Inside a branch the chain wants a number of channels; in a model the block must be told. */
function outputChannels(
  caller: Environment,
  arg: Arg | undefined,
  wanted: number | undefined,
  owner: string,
  span: Call["span"],
): number {
  if (arg && arg.value.kind !== "chain")
    return evaluateCount(caller, arg.value, limits.channels, "limit/channels");
  return (
    wanted ??
    caller.context.abandon("type/missing-argument", span, { owner, name: "out", example: "16" })
  );
}

function checkRequires(environment: Environment, block: Block): void {
  for (const { condition, message, span } of block.requires) {
    if (evaluateBoolean(environment, condition) || environment.context.hasGuessed) continue;
    const reason = message?.value ?? `\`${textOf(condition.span)}\` does not hold`;
    const values = [...environment.values]
      .map(([name, value]) => `${name} = ${describe(value)}`)
      .join(", ");
    environment.context.abandon("type/require-failed", span, {
      owner: environment.owner,
      reason,
      values: `here ${values}`,
    });
  }
}

function elaborateBranches(
  shared: Omit<ChainContext, "branch">,
  block: Block,
  entering: number,
  out: number,
  path: string,
): Affine {
  const { context } = shared.environment;
  const results = block.branches.map((branch) =>
    context.attempt(() => branchTerms(shared, branch, entering, out, path)),
  );
  const terms = results.flatMap((result) => result ?? []);
  if (results.includes(undefined)) throw context.abandoned();
  if (terms.length === 0) {
    context.abandon("merge/no-branches", block.name.span, { block: block.name.text });
  }
  return { kind: "sum", terms, in: entering, out, span: block.span };
}

function branchTerms(
  shared: Omit<ChainContext, "branch">,
  branch: Branch,
  entering: number,
  out: number,
  path: string,
): readonly AffineTerm[] {
  const { environment } = shared;
  const name = branch.name.text;
  if (branch.when && !evaluateBoolean(environment, branch.when)) return [];
  const copies = branch.copies && evaluateCount(environment, branch.copies, limits.repeats);
  const prefix = weightPath(path, name);
  const paths =
    copies === undefined
      ? [prefix]
      : Array.from({ length: copies }, (_, index) => `${prefix}.${index}`);
  return paths.map((own) => {
    const map = elaborateChain({ ...shared, branch: name }, branch.chain, entering, own);
    if (map.out !== out) {
      const parameters = {
        what: `branch \`${name}\``,
        found: map.out,
        expected: out,
        in: entering,
      };
      environment.context.abandon("shape/channels", branch.chain.span, parameters);
    }
    return { sign: 1, map, name };
  });
}

/** Rule S7: leading affine ops of `then` join the body; from the first barrier on, the rest stays. */
function withThen(
  shared: Omit<ChainContext, "branch">,
  block: Block,
  promise: Promise,
  sum: Affine,
  path: string,
): BlockInstance {
  const { environment } = shared;
  const [then, second] = block.thens;
  if (second && then) {
    const related = [{ span: then.span, label: "the first one" }];
    environment.context.abandon(
      "merge/several-then",
      second.span,
      { block: block.name.text },
      { related },
    );
  }
  const body: Affine[] = [sum];
  const rest: (Barrier | Affine)[] = [];
  let channels = sum.out;
  const chainContext = { ...shared, branch: "then" };
  unrolled(environment, then?.chain.steps ?? []).forEach((item, index) => {
    const own = weightPath(path, `then.${index}`);
    const barrier = item.kind === "call" ? barrierOf(environment, item, own) : undefined;
    if (barrier === "none") return;
    if (barrier) rest.push(barrier);
    else {
      const step = affineThen(chainContext, item, channels, own);
      channels = step.out;
      (rest.length === 0 ? body : rest).push(step);
    }
  });
  const whole = chainOf(body, sum);
  const size = promise.size ?? reachOf(whole);
  return {
    label: block.name.text,
    promised: promised(promise, size),
    promisedAt: block.becomes.span,
    body: whole,
    rest,
  };
}

function chainOf(steps: readonly Affine[], first: Affine): Affine {
  return steps.length === 1
    ? first
    : { kind: "chain", steps, in: first.in, out: steps.at(-1)?.out ?? first.out, span: first.span };
}

function affineThen(
  context: ChainContext,
  item: Call | Group,
  channels: number,
  path: string,
): Affine {
  const op = item.kind === "call" ? opByName.get(item.name.text) : undefined;
  if (item.kind === "call" && op?.kind === "affine")
    return elaborateOp(context, item, op, channels, path);
  const step = { kind: "step", item, span: item.span } as const;
  return elaborateChain(context, { kind: "chain", steps: [step], span: item.span }, channels, path);
}

/** Rule S8: a block whose `then` is affine may stand in a chain wherever an op may. */
function elaborateNested(
  context: ChainContext,
  call: Call,
  entering: number,
  path: string,
): Affine {
  const { environment, wanted, branch } = context;
  const bound = environment.scope.get(call.name.text);
  if (bound?.declaration.kind !== "block") throw environment.context.abandoned();
  const { declaration, scope } = bound;
  const instance = instantiateBlock(environment, declaration, scope, call, entering, path, wanted);
  const [barrier] = instance.rest;
  if (barrier)
    environment.context.abandon("merge/not-affine", call.span, { op: call.name.text, branch });
  if (instance.promised.stride > 1) {
    environment.context.abandon("type/out-of-range", call.span, {
      what: "stride",
      expected: "1 inside a branch",
      found: instance.promised.stride,
    });
  }
  return instance.body;
}
