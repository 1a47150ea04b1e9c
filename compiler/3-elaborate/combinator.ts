import type { Call, Chain } from "../../grammar/index.ts";
import { chainOfValue } from "../../grammar/index.ts";
import type { Affine, AffineJoin } from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";
import type { Combinator } from "../ops/index.ts";
import type { ChainContext } from "./chain-context.ts";

type ElaborateChain = (
  context: ChainContext,
  chain: Chain,
  entering: number,
  path: string,
) => Affine;

/** `concat(...)`, `split(...)` or `flip(...)` as one affine map (rule S8). */
export function elaborateCombinator(
  context: ChainContext,
  call: Call,
  { name }: Combinator,
  entering: number,
  path: string,
  elaborate: ElaborateChain,
): Affine {
  const chains = (call.args ?? []).flatMap(({ value }) => chainOfValue(value) ?? []);
  context.environment.context.countNodes(call.span, name, chains.length);
  if (name === "flip") {
    const [chain] = chains;
    if (!chain) throw context.environment.context.abandoned();
    return flipped(elaborate(context, chain, entering, path));
  }
  const seen = name === "split" ? shareOf(context, call, entering, chains.length) : entering;
  // Together the chains yield what one would have (rule S5).
  const own = { ...context, wanted: Math.max(1, Math.floor(context.wanted / chains.length)) };
  const parts = chains.map((chain, index) =>
    elaborate(own, chain, seen, weightPath(path, String(index))),
  );
  const out = parts.reduce((total, part) => total + part.out, 0);
  return { kind: name, parts, in: entering, out, span: call.span } satisfies AffineJoin;
}

/** Channels that each of several equal parts sees. */
function shareOf(
  { environment: { context } }: ChainContext,
  { span }: Call,
  channels: number,
  parts: number,
): number {
  if (channels % parts === 0) return channels / parts;
  return context.abandon("shape/split", span, { parts, channels });
}

/** Flipping a chain of kernels, or a sum or join of them, is flipping each. */
function flipped(map: Affine): Affine {
  switch (map.kind) {
    case "step":
      return { ...map, isFlipped: !map.isFlipped };
    case "chain":
      return { ...map, steps: map.steps.map(flipped) };
    case "sum":
      return { ...map, terms: map.terms.map((term) => ({ ...term, map: flipped(term.map) })) };
    case "concat":
    case "split":
      return { ...map, parts: map.parts.map(flipped) };
  }
}
