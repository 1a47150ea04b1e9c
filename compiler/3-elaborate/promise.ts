import type { Arg, Block, Span } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Affine, Extent, Lattice, Pads, Promised, Wording } from "../ir/index.ts";
import {
  apart,
  extentAround,
  extentOf,
  latticeOf,
  reachOfTaps,
  sizeOfExtent,
  tapsAlong,
  wholeTaps,
} from "../ir/index.ts";
import { limits } from "../limits.ts";
import type { Channels } from "../ops/index.ts";
import type { Inherited } from "./arguments.ts";
import { matchArguments } from "./arguments.ts";
import type { Environment } from "./context.ts";
import { convertSize } from "./convert-size.ts";
import { evaluate, evaluateBoolean, evaluateNumber } from "./evaluate.ts";

/** What follows `=>`: a convolution, and how it lies over its input (rules S1-S4). */
export interface Promise {
  /** Rows and columns of taps; absent where the block leaves it to be derived. */
  readonly size: Size | undefined;
  /** The tap over the output's position, counted from 1; absent: the middle. */
  readonly anchor: Size | undefined;
  /** Positions from one tap to the next; absent where neither size nor dilation is said, and both are derived. */
  readonly dilation: number | undefined;
  readonly stride: number;
  readonly groups: number;
  /** Rows and columns of zeros at every side; absent: as many as keep ceil(size / stride). */
  readonly pad: number | undefined;
  /** Defaults of the convolutions in the branches. */
  readonly inherited: Inherited;
  readonly wording: Wording;
}

const argumentNames = ["size", "stride", "groups", "bias", "dilation", "pad", "anchor"] as const;
/** Those that say where the taps lie. */
const ofTaps: ReadonlySet<string> = new Set(["size", "dilation", "anchor"]);

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
    anchor: anchorOf(environment, given.get("anchor"), size),
    dilation: size || given.has("dilation") ? dilation : undefined,
    stride: count("stride", 1, 1),
    groups,
    pad: given.has("pad") ? count("pad", 0, 0) : undefined,
    inherited: {
      groups,
      dilation,
      bias: biasArg ? evaluateBoolean(environment, biasArg.value) : false,
    },
    wording: wordingOf(op, given),
  };
}

function wordingOf(op: string, given: ReadonlyMap<string, Arg>): Wording {
  const others = [...given].filter(([name]) => !ofTaps.has(name));
  return {
    op,
    hasSize: given.has("size"),
    hasDilation: given.has("dilation"),
    others: Object.fromEntries(
      others.map(([name, { value }]) => [name, textOf(value.span).replaceAll(/\s+/g, " ")]),
    ),
  };
}

/** The promised taps. */
function sizeOf(
  environment: Environment,
  arg: Arg | undefined,
  dilation: number,
): Size | undefined {
  if (!arg) return undefined;
  const size = convertSize(environment, "size", evaluate(environment, arg.value), arg.value.span);
  checkReach(environment, reachOfTaps(size, dilation), arg.span);
  return size;
}

/** The promised anchor, one of the promised taps. */
function anchorOf(
  environment: Environment,
  arg: Arg | undefined,
  size: Size | undefined,
): Size | undefined {
  if (!arg) return undefined;
  const { span } = arg.value;
  const anchor = convertSize(environment, "anchor", evaluate(environment, arg.value), span);
  if (!size) {
    const parameters = { owner: "conv", name: "size", example: "3x3" };
    const help = "an anchor is a tap of a promised size: `conv(3x3, anchor: 1x1)`";
    return environment.context.abandon("type/missing-argument", arg.span, parameters, { help });
  }
  if (anchor.height <= size.height && anchor.width <= size.width) return anchor;
  return environment.context.abandon("type/out-of-range", span, {
    what: "anchor",
    expected: "a tap of the promised kernel, counted from 1x1",
    found: `${anchor.height}x${anchor.width}`,
  });
}

/** Bounds the taps of a kernel, from the first to the last (rule S15). */
export function checkReach({ context }: Environment, { height, width }: Size, span: Span): void {
  if (Math.max(height, width) <= limits.kernel) return;
  const limit = `${limits.kernel}x${limits.kernel}`;
  context.abandon("limit/kernel", span, { found: `${height}x${width}`, limit });
}

/** What taps reach over; of kernels that do not fit together, whose middles lie between two taps, with all that it touches. */
export function wholeReach(extent: Extent): Size {
  const { height, width } = sizeOfExtent(extent);
  return { height: Math.ceil(height), width: Math.ceil(width) };
}

/** Rule S2: zeros that keep ceil(size / stride) positions; an even kernel without an anchor gets the odd one below and to the right. */
export function promised(
  { stride, groups, pad }: Pick<Promise, "stride" | "groups" | "pad">,
  { extent, dilation: distance }: Lattice,
): Promised {
  const pads: Pads = pad !== undefined ? [pad, pad, pad, pad] : wholeTaps(extent);
  const { height, width } = sizeOfExtent(extent);
  // Of a single tap any distance says the same; and kernels that do not fit together may have a fraction in common.
  const isDistance = height * width > 1 && distance >= 1 && Number.isInteger(distance);
  const dilation = isDistance ? distance : 1;
  return { size: tapsAlong(extent, dilation), extent, dilation, stride, groups, pads };
}

/** What a promise reaches over, and how far apart its taps are: its own words, or what follows from the block's body (rule S1). */
export function promisedLattice(
  { size, anchor, dilation }: Pick<Promise, "size" | "anchor" | "dilation">,
  body: Affine,
): Lattice {
  const distance = dilation ?? latticeOf(body);
  const extent = size ? apart(extentAround(size, anchor), distance) : extentOf(body);
  return { extent, dilation: distance };
}
