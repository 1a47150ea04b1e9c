import type { Block } from "../../grammar/index.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Pads, Promised } from "../ir/index.ts";
import type { Param } from "../ops/index.ts";
import { bool, int, size } from "../ops/index.ts";
import type { Inherited } from "./arguments.ts";
import { convertSize, matchArguments } from "./arguments.ts";
import type { Environment } from "./context.ts";
import { evaluate, evaluateNumber } from "./evaluate.ts";
import type { Value } from "./value.ts";

/** What follows `=>`: a convolution, and how it lies over its input (rules S1-S4). */
export interface Promise {
  /** Taps with dilation; absent where the block leaves it to be derived. */
  readonly size: Size | undefined;
  readonly stride: number;
  readonly groups: number;
  /** Rows and columns of zeros at every side; absent: as many as keep ceil(size / stride). */
  readonly pad: number | undefined;
  /** Defaults of the convolutions in the branches. */
  readonly inherited: Inherited;
}

const params: Readonly<Record<string, Param<unknown>>> = {
  size: size("Kernel size.") as Param<unknown>,
  stride: int("Stride.") as Param<unknown>,
  groups: int("Groups.") as Param<unknown>,
  bias: bool("Bias.") as Param<unknown>,
  dilation: int("Dilation.") as Param<unknown>,
  pad: int("Padding.") as Param<unknown>,
};

export function elaboratePromise(
  environment: Environment,
  { becomes }: Block,
  channels: { in: number },
): Promise {
  const { context } = environment;
  const op = becomes.name.text;
  if (op === "") throw context.abandoned();
  if (op !== "conv" && op !== "depthwise")
    context.abandon("merge/not-a-promise", becomes.name.span, { op });
  const given = matchArguments(environment, becomes, Object.keys(params), op);
  for (const [name, arg] of given) {
    if (name in params) continue;
    context.abandon("name/unknown-argument", arg.span, {
      op,
      name,
      known: "`size`, `stride`, `groups`, `bias`, `dilation` or `pad`",
    });
  }
  const value = (name: string): Value | undefined => {
    const arg = given.get(name);
    return arg && evaluate(environment, arg.value);
  };
  const count = (name: string, fallback: number, least: number): number => {
    const arg = given.get(name);
    if (!arg || arg.value.kind === "chain") return fallback;
    const found = evaluateNumber(environment, arg.value);
    if (Number.isInteger(found) && found >= least && found <= 65_536) return found;
    return context.abandon("type/out-of-range", arg.value.span, {
      what: name,
      expected: `a whole number of at least ${least}`,
      found,
    });
  };
  const groups = op === "depthwise" ? channels.in : count("groups", 1, 1);
  const dilation = count("dilation", 1, 1);
  const bias = value("bias") ?? false;
  const sizeArg = given.get("size");
  const taps =
    sizeArg &&
    convertSize(environment, "size", evaluate(environment, sizeArg.value), sizeArg.value.span);
  const side = (count: number) => (count - 1) * dilation + 1;
  return {
    size: taps && { height: side(taps.height), width: side(taps.width) },
    stride: count("stride", 1, 1),
    groups,
    pad: given.has("pad") ? count("pad", 0, 0) : undefined,
    inherited: { groups, dilation, bias },
  };
}

/** Rule S2: zeros that keep ceil(size / stride) positions; an even kernel gets the odd one below and to the right. */
export function promised({ stride, groups, pad }: Promise, size: Size): Promised {
  const pads: Pads =
    pad !== undefined
      ? [pad, pad, pad, pad]
      : [
          Math.floor((size.height - 1) / 2),
          Math.ceil((size.height - 1) / 2),
          Math.floor((size.width - 1) / 2),
          Math.ceil((size.width - 1) / 2),
        ];
  return { size, stride, groups, pads };
}
