import { originsOf } from "../compiler/6-lower/origins.ts";
import { diagnostic, type Diagnostic } from "../compiler/diagnostics/index.ts";
import type { Node, QuantizedModel } from "../compiler/ir/index.ts";
import type { Span } from "../grammar/source.ts";
import { NoIntegerForm } from "../runtime/integer/index.ts";
import { UserMistake } from "./user-mistake.ts";

/** A sum without integer form; shown where it stands in the spec, as far as the model is known. */
export function noIntegerForm(error: NoIntegerForm, model?: QuantizedModel): Diagnostic {
  const { op, operands, value } = error;
  const node = model && originsOf(model).get(value);
  const own = node && "path" in node && node.path !== "" ? node.path : undefined;
  const relation = own === undefined ? error.relation : "at";
  const path = own ?? error.path;
  const name = node?.kind === "island" ? node.label : op;
  const reason = `${operands.join(" and ")} ${operands.length > 1 ? "are" : "is"} not quantized`;
  const parameters = { op: name, relation, path, reason };
  return diagnostic("quant/no-integer-form", node && placeOf(node), parameters);
}

/** A block that was named on the command line stands in the spec where it makes its promise. */
function placeOf(node: Node): Span {
  const isNamed = node.span.source.isOption === true;
  return isNamed && node.kind === "island" ? node.promisedAt : node.span;
}

/**
 * Asks something of a deploy graph.
 * @param modelOf what it was compiled from, where that is known; asked for only when there is something to show
 * @param help in place of the usual one, where not all of that helps
 * @throws UserMistake in place of NoIntegerForm
 */
export function askOfIntegers<T>(
  question: () => T,
  modelOf: () => QuantizedModel | undefined,
  help?: string,
): T {
  try {
    return question();
  } catch (error) {
    if (!(error instanceof NoIntegerForm)) throw error;
    const mistake = noIntegerForm(error, modelOf());
    throw new UserMistake(help === undefined ? mistake : { ...mistake, help });
  }
}
