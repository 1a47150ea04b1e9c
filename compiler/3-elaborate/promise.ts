import type { Arg, Block, Span } from "../../grammar/index.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Extent, Pads, Promised } from "../ir/index.ts";
import { sizeOfExtent, wholeTaps } from "../ir/index.ts";
import { limits } from "../limits.ts";
import type { Channels } from "../ops/index.ts";
import type { Inherited } from "./arguments.ts";
import { matchArguments } from "./arguments.ts";
import type { Environment } from "./context.ts";
import { convertSize } from "./convert-size.ts";
import { evaluate, evaluateBoolean, evaluateNumber } from "./evaluate.ts";

/** What follows `=>`: a convolution, and how it lies over its input (rules S1-S4). */
export interface Promise {
  /** Taps with dilation; absent where the block leaves it to be derived. */
  readonly size: Size | undefined;
  /** The tap over the output's position, counted from 1 with dilation; absent: the middle. */
  readonly anchor: Size | undefined;
  readonly stride: number;
  readonly groups: number;
  /** Rows and columns of zeros at every side; absent: as many as keep ceil(size / stride). */
  readonly pad: number | undefined;
  /** Defaults of the convolutions in the branches. */
  readonly inherited: Inherited;
}

const argumentNames = ["size", "stride", "groups", "bias", "dilation", "pad", "anchor"] as const;

export function elaboratePromise(
  environment: Environment,
  { becomes }: Block,
  channels: Channels,
): Promise {
  const { context } = environment;
  const op = becomes.name.text;
  if (op === "") throw context.abandoned();
  if (op !== "conv" && op !== "depthwise")
    context.abandon("merge/not-a-promise", becomes.name.span, { op });
  const given = matchArguments(environment, becomes, argumentNames, op);
  const count = (name: string, fallback: number, least: number): number => {
    const arg = given.get(name);
    if (!arg) return fallback;
    const found = evaluateNumber(environment, arg.value);
    if (Number.isInteger(found) && found >= least && found <= limits.channels) return found;
    return context.abandon("type/out-of-range", arg.value.span, {
      what: name,
      expected: `a whole number from ${least} to ${limits.channels}`,
      found,
    });
  };
  const isDepthwise = op === "depthwise";
  const groupsArg = given.get("groups");
  if (isDepthwise && groupsArg)
    context.abandon("type/mismatch", groupsArg.span, {
      what: "groups",
      expected: "left out, for a `depthwise` has as many as channels enter",
      found: "given",
    });
  const groups = isDepthwise ? channels.in : count("groups", 1, 1);
  for (const count of [channels.in, channels.out]) {
    if (count % groups === 0) continue;
    context.abandon("shape/groups", (groupsArg ?? becomes).span, {
      groups,
      channels: count,
      ...channels,
    });
  }
  const dilation = count("dilation", 1, 1);
  const biasArg = given.get("bias");
  const size = sizeOf(environment, given.get("size"), dilation);
  return {
    size,
    anchor: anchorOf(environment, given.get("anchor"), size, dilation),
    stride: count("stride", 1, 1),
    groups,
    pad: given.has("pad") ? count("pad", 0, 0) : undefined,
    inherited: {
      groups,
      dilation,
      bias: biasArg ? evaluateBoolean(environment, biasArg.value) : false,
    },
  };
}

/** The promised taps, dilation included. */
function sizeOf(
  environment: Environment,
  arg: Arg | undefined,
  dilation: number,
): Size | undefined {
  if (!arg) return undefined;
  const taps = convertSize(environment, "size", evaluate(environment, arg.value), arg.value.span);
  const side = (count: number) => (count - 1) * dilation + 1;
  const size = { height: side(taps.height), width: side(taps.width) };
  checkReach(environment, size, arg.span);
  return size;
}

/** The promised anchor, one of the promised taps. */
function anchorOf(
  environment: Environment,
  arg: Arg | undefined,
  size: Size | undefined,
  dilation: number,
): Size | undefined {
  if (!arg) return undefined;
  const { span } = arg.value;
  const tap = convertSize(environment, "anchor", evaluate(environment, arg.value), span);
  const anchor = { height: (tap.height - 1) * dilation + 1, width: (tap.width - 1) * dilation + 1 };
  if (!size) {
    const parameters = { owner: "conv", name: "size", example: "3x3" };
    const help = "an anchor is a tap of a promised size: `conv(3x3, anchor: 1x1)`";
    return environment.context.abandon("type/missing-argument", arg.span, parameters, { help });
  }
  if (anchor.height <= size.height && anchor.width <= size.width) return anchor;
  return environment.context.abandon("type/out-of-range", span, {
    what: "anchor",
    expected: "a tap of the promised kernel, counted from 1x1",
    found: `${tap.height}x${tap.width}`,
  });
}

/** Bounds the taps of a kernel, from the first to the last (rule S15). */
export function checkReach({ context }: Environment, { height, width }: Size, span: Span): void {
  if (Math.max(height, width) <= limits.kernel) return;
  const limit = `${limits.kernel}x${limits.kernel}`;
  context.abandon("limit/kernel", span, { found: `${height}x${width}`, limit });
}

/** Rule S2: zeros that keep ceil(size / stride) positions; an even kernel without an anchor gets the odd one below and to the right. */
export function promised(
  { stride, groups, pad }: Pick<Promise, "stride" | "groups" | "pad">,
  extent: Extent,
): Promised {
  const pads: Pads = pad !== undefined ? [pad, pad, pad, pad] : wholeTaps(extent);
  return { size: sizeOfExtent(extent), extent, stride, groups, pads };
}
