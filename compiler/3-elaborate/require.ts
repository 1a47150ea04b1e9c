import type { Require } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import type { Environment } from "./context.ts";
import { evaluateBoolean } from "./evaluate.ts";
import { describe } from "./value.ts";

/** Conditions across parameters and channels (rule S11); what holds of sample arguments says nothing. */
export function checkRequires(
  environment: Environment,
  { requires }: { readonly requires: readonly Require[] },
): void {
  const { context, owner } = environment;
  for (const { condition, message, span } of requires) {
    if (evaluateBoolean(environment, condition) || context.hasGuessed) continue;
    const reason = message?.value ?? `\`${textOf(condition.span)}\` does not hold`;
    const values = environment.values.size > 0 ? `here ${listValues(environment)}` : undefined;
    context.abandon("type/require-failed", span, { owner, reason, values });
  }
}

/** `in = 3, out = 8, stride = 2`. */
export function listValues({ values }: Environment): string {
  return [...values].map(([name, value]) => `${name} = ${describe(value)}`).join(", ");
}
