import type { Expression, Input } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import type { Node } from "../ir/index.ts";
import type { Environment } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { checkSize } from "./nodes.ts";
import { describe } from "./value.ts";

/** Height and width that stand for `_` in `image[_, _, 3]` where nobody says otherwise. */
const anySide = 32;

/** The input of a model; `given` replaces declared heights and widths. */
export function inputNode(
  environment: Environment,
  input: Input,
  given: readonly number[] | undefined,
): Node {
  const { context } = environment;
  const { name, shape, span } = input;
  const declared = declaredSides(environment, input);
  const sides = declared.map((side, index) => given?.[index] ?? side ?? anySide);
  const [height = anySide, width = anySide, channels = 1] = sides;
  const fits = given === undefined || (isShape(given) && declared[2] === given[2]);
  if (!fits) {
    const wanted = declared.map((side) => side ?? "_").join(", ");
    const found = `[${given.join(", ")}]`;
    const help = "give height, width and these channels, all whole numbers of at least 1";
    const parameters = { name: name.text, expected: `[${wanted}]`, found };
    context.abandon("shape/input", shape.span, parameters, { help });
  }
  const type = { kind: "map", height, width, channels } as const;
  checkSize(environment, type, name.text, span);
  const isOpen = [declared[0] === undefined, declared[1] === undefined] as const;
  return { kind: "input", name: name.text, type, isOpen, sign: "any", span };
}

/** Whether these are height, width and channels. */
export function isShape(given: readonly number[]): boolean {
  return given.length === 3 && given.every((side) => Number.isInteger(side) && side > 0);
}

/** Height, width and channels as the spec has them; absent where it leaves them open. */
function declaredSides(
  environment: Environment,
  { name, shape, type }: Input,
): readonly (number | undefined)[] {
  const complain = (at: { readonly span: Expression["span"] }, found: string): never => {
    const expected = "`image[height, width, channels]`";
    const parameters = { name: name.text, expected, found };
    return environment.context.abandon("shape/input", at.span, parameters);
  };
  if (type.text !== "image") complain(type, `\`${type.text}\``);
  if (shape.items.length !== 3) complain(shape, `\`${textOf(shape.span)}\``);
  return shape.items.map((item, index) => {
    if (item.kind === "call" && item.name.text === "_")
      return index < 2 ? undefined : complain(item, "`_` for the channels");
    const value = evaluate(environment, item);
    return typeof value === "number" && Number.isInteger(value) && value > 0
      ? value
      : complain(item, `${textOf(item.span)}, which is ${describe(value)}`);
  });
}
