import type { Call, Chain, Group, Step } from "../../grammar/index.ts";
import type { Affine, AffineTerm } from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";
import { limits } from "../limits.ts";
import type { AnyAffineOp } from "../ops/index.ts";
import { opByName } from "../ops/index.ts";
import { bindArguments, type Inherited } from "./arguments.ts";
import type { Environment } from "./context.ts";
import { evaluateCount } from "./evaluate.ts";

/** What a chain inside a block needs to know of the block. */
export interface ChainContext {
  readonly environment: Environment;
  /** Channels that a convolution yields unless it says otherwise (rule S5). */
  readonly wanted: number;
  readonly inherited: Inherited;
  /** For messages: the branch, or `then`. */
  readonly branch: string;
  /** A block standing in the chain (rule S8). */
  readonly nested: (context: ChainContext, call: Call, entering: number, path: string) => Affine;
}

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

/** Steps with `step * n` written out. */
export function unrolled(
  environment: Environment,
  steps: readonly Step[],
): readonly (Call | Group)[] {
  return steps.flatMap(({ item, repeat }) => {
    const count = repeat ? evaluateCount(environment, repeat, limits.repeats) : 1;
    return Array.from({ length: count }, () => item);
  });
}

function elaborateItem(
  context: ChainContext,
  item: Call | Group,
  entering: number,
  path: string,
): Affine {
  const { environment, branch } = context;
  environment.context.countNode(item.span, environment.owner);
  if (item.kind === "group") return elaborateGroup(context, item, entering, path);
  const name = item.name.text;
  const op = opByName.get(name);
  if (op?.kind === "affine") return elaborateOp(context, item, op, entering, path);
  const value = environment.values.get(name);
  const isActivation = typeof value === "object" && value.kind === "activation";
  if (isActivation && !value.use)
    return { kind: "chain", steps: [], in: entering, out: entering, span: item.span };
  if (op?.kind === "map" || isActivation) {
    environment.context.abandon("merge/not-affine", item.span, { op: name, branch });
  }
  return context.nested(context, item, entering, path);
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
    const parameters = { left: `${out} channels`, right: `${map.out} channels` };
    context.environment.context.abandon("shape/sum", map.span, parameters);
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
  const reach = op.reach(params);
  if (Math.max(reach.height, reach.width) > limits.kernel) {
    const limit = `${limits.kernel}x${limits.kernel}`;
    context.abandon("limit/kernel", call.span, { found: `${reach.height}x${reach.width}`, limit });
  }
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
  return { kind: "step", op, params, ...channels, path, span: call.span };
}
