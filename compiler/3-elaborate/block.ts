import type { Arg, Block, Branch, Call, Group } from "../../grammar/index.ts";
import type { Affine, AffineTerm } from "../ir/index.ts";
import { weightPath, wholeTaps } from "../ir/index.ts";
import { limits } from "../limits.ts";
import { opByName, type Channels } from "../ops/index.ts";
import { matchArguments } from "./arguments.ts";
import { barrierOf, type Barrier } from "./barrier.ts";
import { checkInner, type BlockInstance, type Stretch } from "./block-instance.ts";
import type { ChainContext } from "./chain-context.ts";
import { elaborateChain, elaborateOp, noStep, notAffine, unrolled } from "./chain.ts";
import type { Environment } from "./context.ts";
import { evaluateBoolean, evaluateCount } from "./evaluate.ts";
import { bindParams } from "./params.ts";
import {
  checkReach,
  elaboratePromise,
  promised,
  promisedLattice,
  type Promise,
  wholeReach,
} from "./promise.ts";
import { checkRequires, listValues } from "./require.ts";
import type { Value } from "./value.ts";

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
  if (context.session.isBroken(block)) throw context.abandoned();
  checkNesting(caller, block, call);
  const names = ["out", ...block.params.map((param) => param.name.text)];
  const named = { ...call, kind: "call", name: block.name } as const;
  const given = matchArguments(caller, named, names, owner, "name/unknown-parameter");
  const out = outputChannels(caller, given.get("out"), wanted, owner, call.span);
  const values = new Map<string, Value>([
    ["in", entering],
    ["out", out],
  ]);
  const stack = [...caller.stack, block];
  const inner: Environment = { context, scope, owner, values, stack, isSample: false };
  const label = `${caller.isSample ? "tried" : "used here"} with in = ${entering}, out = ${out}`;
  return context.using({ span: call.span, label }, () => {
    const environment = { ...inner, values: bindParams(caller, inner, block.params, given, call) };
    checkRequires(environment, block);
    return elaborateBody(environment, block, { in: entering, out }, path, call.span);
  });
}

function elaborateBody(
  environment: Environment,
  block: Block,
  channels: Channels,
  path: string,
  span: Call["span"],
): BlockInstance {
  const { in: entering, out } = channels;
  const promise = elaboratePromise(environment, block, channels);
  const { inherited } = promise;
  const chainContext = { environment, wanted: out, inherited, nested: elaborateNested };
  return environment.context.nested(span, () => {
    const sum = elaborateBranches(chainContext, block, entering, out, path);
    return withThen(chainContext, block, promise, sum, path);
  });
}

/** Blocks are told apart by where they stand: two files may each have one of the same name. */
function checkNesting(
  { context, stack }: Environment,
  block: Block,
  { span }: { readonly span: Call["span"] },
): void {
  if (stack.includes(block)) {
    const names = [...stack.slice(stack.indexOf(block)), block].map(({ name }) => name.text);
    const parameters = { name: block.name.text, cycle: names.join(" -> ") };
    context.abandon("name/recursion", span, parameters);
  }
  const what = "blocks stand inside blocks";
  if (stack.length >= limits.depth)
    context.abandon("limit/depth", span, { what, limit: limits.depth });
}

/** Inside a branch the chain wants a number of channels; in a model the block must be told. */
function outputChannels(
  caller: Environment,
  arg: Arg | undefined,
  wanted: number | undefined,
  owner: string,
  span: Call["span"],
): number {
  if (arg) return evaluateCount(caller, arg.value, limits.channels, "limit/channels");
  return (
    wanted ??
    caller.context.abandon("type/missing-argument", span, { owner, name: "out", example: "16" })
  );
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
    const values = block.branches.length > 0 ? listValues(shared.environment) : undefined;
    context.abandon("merge/no-branches", block.name.span, { block: block.name.text, values });
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
      const what = `branch \`${name}\``;
      const parameters = { what, found: map.out, expected: out, in: entering };
      const help = `let its last convolution yield \`out\` channels, which are ${out} here`;
      const extra = map.out === entering ? {} : { help };
      environment.context.abandon("shape/channels", branch.chain.span, parameters, extra);
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
  const rest: (Barrier | Stretch)[] = [];
  let channels = sum.out;
  const chainContext = { ...shared, branch: "then" };
  let index = 0;
  for (const item of unrolled(environment, then?.chain.steps ?? [])) {
    const own = weightPath(path, `then.${index++}`);
    const barrier = item.kind === "call" ? barrierOf(environment, item, own) : undefined;
    if (barrier === "none") continue;
    if (barrier) rest.push(barrier);
    else {
      const step = affineThen(chainContext, item, channels, own);
      channels = step.out;
      if (rest.length === 0) body.push(step);
      else rest.push({ kind: "stretch", body: step, path: own });
    }
  }
  if (channels !== sum.out && then) {
    const parameters = { what: "`then`", found: channels, expected: sum.out, in: sum.out };
    const help = "let its last convolution yield `out` channels";
    environment.context.abandon("shape/channels", then.span, parameters, { help });
  }
  const whole = chainOf(body, sum);
  const lattice = promisedLattice(promise, whole);
  checkReach(environment, wholeReach(lattice.extent), block.becomes.span);
  return {
    label: block.name.text,
    promised: promised(promise, lattice),
    promisedAt: block.becomes.span,
    wording: promise.wording,
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
export function elaborateNested(
  context: ChainContext,
  call: Call,
  entering: number,
  path: string,
): Affine {
  const { environment, wanted, branch } = context;
  const bound = environment.scope.get(call.name.text);
  if (bound?.declaration.kind !== "block") return noStep(environment, call);
  const { declaration, scope } = bound;
  const instance = instantiateBlock(environment, declaration, scope, call, entering, path, wanted);
  const barrier = instance.rest.find((part) => part.kind === "barrier");
  if (barrier) {
    const related = [{ span: barrier.call.span, label: "what makes it so" }];
    const [parameters] = notAffine(call.name.text, branch);
    const help = "use a block whose `then` is affine, or write its branches out here";
    environment.context.abandon("merge/not-affine", call.span, parameters, { related, help });
  }
  if (instance.promised.stride > 1) {
    environment.context.abandon("type/out-of-range", call.span, {
      what: "stride",
      expected: "1 inside a branch",
      found: instance.promised.stride,
    });
  }
  const pads = wholeTaps(instance.promised.extent);
  if (instance.promised.pads.some((side, index) => side !== pads[index])) {
    environment.context.abandon("type/out-of-range", call.span, {
      what: "pad",
      expected: "left out of a block that stands inside a branch: the outer block pads",
      found: instance.promised.pads[0],
    });
  }
  checkInner(environment, instance, call);
  // In the text of the block around it, it is what stands there.
  return { ...instance.body, span: call.span };
}
