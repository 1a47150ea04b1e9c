import type { Call, Chain, Group, Step } from "../../grammar/index.ts";
import type { Affine, AffineTerm } from "../ir/index.ts";
import { declarationsOf, reachOfTaps, weightPath } from "../ir/index.ts";
import { limits } from "../limits.ts";
import type { AnyAffineOp } from "../ops/index.ts";
import { combinatorByName, opByName } from "../ops/index.ts";
import { bindArguments } from "./arguments.ts";
import type { ChainContext } from "./chain-context.ts";
import { elaborateCombinator } from "./combinator.ts";
import type { Environment } from "./context.ts";
import { evaluateCount } from "./evaluate.ts";
import { checkReach } from "./promise.ts";
import { describe } from "./value.ts";

/** A chain of a branch as a tree of affine ops; `path` prefixes the weights of its steps, numbered from 0. */
export function elaborateChain(
  context: ChainContext,
  chain: Chain,
  entering: number,
  path: string,
): Affine {
  const steps: Affine[] = [];
  let channels = entering;
  for (const item of unrolled(context.environment, chain.steps)) {
    const step = elaborateItem(context, item, channels, weightPath(path, String(steps.length)));
    steps.push(step);
    channels = step.out;
  }
  return { kind: "chain", steps, in: entering, out: channels, span: chain.span };
}

/** Steps with `step * n` written out, one at a time and counted before (rule S15). */
export function* unrolled(
  environment: Environment,
  steps: readonly Step[],
): Generator<Call | Group, void> {
  const { context, owner } = environment;
  for (const { item, repeat } of steps) {
    const count = repeat ? evaluateCount(environment, repeat, limits.repeats) : 1;
    context.countNodes(item.span, owner, count);
    for (let index = 0; index < count; index++) yield item;
  }
}

/** One step of a chain, as part of one affine map. */
export function elaborateItem(
  context: ChainContext,
  item: Call | Group,
  entering: number,
  path: string,
): Affine {
  const { environment, branch } = context;
  if (item.kind === "group") {
    return environment.context.nested(item.span, () =>
      elaborateGroup(context, item, entering, path),
    );
  }
  const name = item.name.text;
  const combinator = combinatorByName.get(name);
  if (combinator) {
    return environment.context.nested(item.span, () =>
      elaborateCombinator(context, item, combinator, entering, path, elaborateChain),
    );
  }
  const op = opByName.get(name);
  if (op?.kind === "affine") return elaborateOp(context, item, op, entering, path);
  const value = environment.values.get(name);
  const isActivation = typeof value === "object" && value.kind === "activation";
  if (name === "none" || (isActivation && !value.use))
    return { kind: "chain", steps: [], in: entering, out: entering, span: item.span };
  if (op?.kind === "map" || isActivation) {
    const [parameters, extra] = notAffine(name, branch);
    environment.context.abandon("merge/not-affine", item.span, parameters, extra);
  }
  if (value === undefined) return context.nested(context, item, entering, path);
  return noStep(environment, item);
}

/** In a flow there is no `then`: what is not affine follows as a step of its own. */
export function notAffine(op: string, branch: string | undefined) {
  if (branch !== undefined) return [{ op, what: `branch \`${branch}\`` }, {}] as const;
  const help = `take \`${op}\` out of the parentheses: \`-> (a + b) -> ${op}\` after the sum, or add flows: \`(x -> ${op}) + (x -> a)\``;
  return [{ op, what: "what stands around it" }, { help }] as const;
}

/** A parameter that is no activation, or a name that means nothing, where a step is needed. */
export function noStep({ context, values }: Environment, { name, span }: Call): never {
  const value = values.get(name.text);
  if (value === undefined) throw context.abandoned();
  const found = `a parameter with the value ${describe(value)}`;
  const parameters = { name: name.text, found, expected: "an op or a block" };
  return context.abandon("name/wrong-kind", span, parameters);
}

function elaborateGroup(
  context: ChainContext,
  group: Group,
  entering: number,
  path: string,
): Affine {
  const terms = group.terms.map(({ sign, chain }, index): AffineTerm => ({
    sign,
    map: elaborateChain(context, chain, entering, weightPath(path, String(index))),
  }));
  const [first] = terms;
  const out = first?.map.out ?? entering;
  for (const { map } of terms) {
    if (map.out === out) continue;
    const [left, right] = [`${out} channels`, `${map.out} channels`];
    const related = first ? [{ span: first.map.span, label: left }] : [];
    context.environment.context.abandon("shape/sum", map.span, { left, right }, { related });
  }
  return { kind: "sum", terms, in: entering, out, span: group.span };
}

/** One affine op with its arguments and channels settled. */
export function elaborateOp(
  { environment, wanted, inherited }: Pick<ChainContext, "environment" | "wanted" | "inherited">,
  call: Call,
  op: AnyAffineOp,
  entering: number,
  path: string,
): Affine {
  const { context } = environment;
  const params = bindArguments(environment, call, op, inherited);
  const out = op.outputs(params, { in: entering, wanted });
  if (out > limits.channels)
    context.abandon("limit/channels", call.span, { found: out, limit: limits.channels });
  const channels = { in: entering, out };
  checkReach(environment, reachOfTaps(op.taps(params), op.dilation(params)), call.span);
  const groups = op.groups(params, channels);
  for (const count of [entering, out]) {
    if (count % groups !== 0)
      context.abandon("shape/groups", call.span, { groups, channels: count, in: entering, out });
  }
  const misfit = op.misfit(params, channels);
  if (misfit !== undefined) {
    context.abandon("shape/size", call.span, {
      what: op.name,
      found: `${entering} channels in, ${out} out`,
      problem: misfit,
    });
  }
  const step = {
    kind: "step",
    op,
    params,
    ...channels,
    path,
    isFlipped: false,
    span: call.span,
  } as const;
  for (const { shape } of Object.values(declarationsOf(step)))
    context.countWeights(
      call.span,
      op.name,
      shape.reduce((product, side) => product * side, 1),
    );
  return step;
}
