import type { Span } from "../../grammar/index.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import { limits } from "../limits.ts";
import type { Environment } from "./context.ts";
import { describe, type Value } from "./value.ts";

/** A size, or one number for a square; within the limits. */
export function convertSize(
  { context }: Environment,
  what: string,
  value: Value,
  span: Span,
): Size {
  const size =
    typeof value === "number"
      ? { height: value, width: value }
      : typeof value === "object" && value.kind === "size"
        ? value
        : undefined;
  if (!size) {
    const parameters = { what, expected: "a size such as `3x3`", found: describe(value) };
    const isQuoted = typeof value === "string" && /^\d+x\d+$/.test(value);
    const extra = isQuoted ? { help: `leave the quotes away: \`${value}\`` } : {};
    return context.abandon("type/mismatch", span, parameters, extra);
  }
  const { height, width } = size;
  for (const side of [height, width]) {
    if (!Number.isInteger(side) || side < 1) {
      context.abandon("type/out-of-range", span, {
        what,
        expected: "at least 1x1, in whole numbers",
        found: `${height}x${width}`,
      });
    }
    if (side > limits.kernel) {
      context.abandon("limit/kernel", span, {
        found: `${height}x${width}`,
        limit: `${limits.kernel}x${limits.kernel}`,
      });
    }
  }
  return { height, width };
}
