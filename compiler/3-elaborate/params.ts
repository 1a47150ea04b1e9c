import type { Arg, Param, Span, TypeAtom } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import type { Context, Environment } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import type { Value } from "./value.ts";
import { describe } from "./value.ts";

/** Values of a declaration's parameters: given ones are evaluated where they stand, defaults in the declaration itself. */
export function bindParams(
  caller: Environment,
  own: Environment,
  params: readonly Param[],
  given: ReadonlyMap<string, Arg>,
  call: { readonly span: Span },
): ReadonlyMap<string, Value> {
  const values = new Map(own.values);
  own.context.countWork(call.span, own.owner, params.length);
  for (const param of params) {
    const name = param.name.text;
    const arg = given.get(name);
    if (arg)
      values.set(name, checked(caller.context, param, evaluate(caller, arg.value), arg.value.span));
    else if (param.default) {
      values.set(
        name,
        checked(
          own.context,
          param,
          evaluate({ ...own, values }, param.default),
          param.default.span,
        ),
      );
    } else if (caller.isSample) {
      own.context.hasGuessed = true;
      values.set(name, sample(param));
    } else {
      const example = `${name}: ${describe(sample(param))}`;
      own.context.abandon("type/missing-argument", call.span, { owner: own.owner, name, example });
    }
  }
  return values;
}

function checked(context: Context, param: Param, value: Value, span: Span): Value {
  const { alternatives } = param.type;
  if (alternatives.some((atom) => accepts(atom, value))) return value;
  const expected = alternatives.map(describeType).join(" or ");
  const found = describe(value);
  const isRange =
    typeof value === "number" &&
    alternatives.some((atom) => atom.kind !== "typeName" || isNumeric(atom.name.text));
  const code = isRange ? "type/out-of-range" : "type/mismatch";
  const related = [{ span: param.type.span, label: "declared here" }];
  return context.abandon(code, span, { what: param.name.text, expected, found }, { related });
}

const typeWords: Readonly<Record<string, string>> = {
  int: "a whole number",
  float: "a number",
  bool: "`true` or `false`",
  odd: "a positive odd number",
  size: "a size such as `3x3`",
  activation: "an activation such as `relu`, or `none`",
};

function describeType(atom: TypeAtom): string {
  if (atom.kind === "typeName") return typeWords[atom.name.text] ?? textOf(atom.span);
  if (atom.kind === "typeValue") return String(atom.value);
  const isWhole = Number.isInteger(atom.low) && Number.isInteger(atom.high);
  return `${isWhole ? "a whole number" : "a number"} from ${atom.low} to ${atom.high}`;
}

function isNumeric(type: string): boolean {
  return type === "int" || type === "float" || type === "odd";
}

/** Rule S11: a type is its constraint. */
function accepts(atom: TypeAtom, value: Value): boolean {
  if (atom.kind === "typeValue") return value === atom.value;
  if (atom.kind === "typeRange") {
    const isWhole = Number.isInteger(atom.low) && Number.isInteger(atom.high);
    return (
      typeof value === "number" &&
      value >= atom.low &&
      value <= atom.high &&
      (!isWhole || Number.isInteger(value))
    );
  }
  const kind = typeof value === "object" ? value.kind : undefined;
  switch (atom.name.text) {
    case "int":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "odd":
      return typeof value === "number" && Number.isInteger(value) && value > 0 && value % 2 === 1;
    case "bool":
      return typeof value === "boolean";
    case "size":
      return kind === "size" || (Number.isInteger(value) && Number(value) > 0);
    case "activation":
      return kind === "activation";
    default:
      return true;
  }
}

/** Some value that a parameter accepts, for checking a declaration that nothing uses. */
export function sample({ type }: Param): Value {
  const [atom] = type.alternatives;
  if (atom?.kind === "typeValue") return atom.value;
  if (atom?.kind === "typeRange") return Math.max(atom.low, Math.min(1, atom.high));
  switch (atom?.name.text) {
    case "bool":
      return false;
    case "size":
      return { kind: "size", height: 3, width: 3 };
    case "odd":
      return 3;
    case "activation":
      return { kind: "activation", use: undefined };
    default:
      return 1;
  }
}
