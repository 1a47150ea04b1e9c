import type { Call, Segment, Selector } from "../../grammar/index.ts";
import { limits } from "../limits.ts";
import type { Environment } from "./context.ts";
import { evaluateCount } from "./evaluate.ts";

/** A selector with the count of `first(n)` or `last(n)` worked out; names in paths take no arguments (rule S10). */
export function settleSelector(environment: Environment, selector: Selector): Selector {
  const { segments } = selector;
  const isAlone = segments.length === 1;
  const settled = segments.map((segment) =>
    segment.kind === "call" && segment.args ? settleCount(environment, segment, isAlone) : segment,
  );
  return { ...selector, segments: settled };
}

function settleCount(
  environment: Environment,
  call: Call & { readonly kind: "call" },
  isAlone: boolean,
): Segment {
  const { context } = environment;
  const [arg, second] = call.args ?? [];
  const name = call.name.text;
  const isCounted = isAlone && (name === "first" || name === "last");
  const surplus = isCounted ? second : arg;
  if (surplus) {
    const limit = isCounted ? "one argument" : "no arguments";
    const help = "write a path, `first(n)` or `last(n)`";
    const parameters = { owner: name, limit, found: call.args?.length ?? 0 };
    context.abandon("type/unexpected-argument", surplus.span, parameters, { help });
  }
  if (!arg) return call;
  if (arg.label) {
    const parameters = { op: name, name: arg.label.text };
    context.abandon("name/unknown-argument", arg.label.span, parameters);
  }
  const value = evaluateCount(environment, arg.value, limits.nodes, "limit/repeat", `${name}(n)`);
  const number = { kind: "number", value, isInteger: true, span: arg.value.span } as const;
  return { ...call, args: [{ ...arg, value: number }] };
}
