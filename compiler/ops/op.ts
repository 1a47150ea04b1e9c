import type { FilterTaps } from "../algebra/filter-taps.ts";
import type { KernelAlgebra, Size } from "../algebra/kernel-algebra.ts";
import type { Attribute } from "../ir/graph.ts";
import type { Initial, WeightRole } from "../ir/program.ts";
import type { ValueType } from "../ir/types.ts";

/** What a parameter accepts, by the name that diagnostics print. */
export interface ParamValueByType {
  readonly int: number;
  readonly float: number;
  readonly bool: boolean;
  readonly size: Size;
  readonly filter: FilterTaps;
}
export type ParamTypeName = keyof ParamValueByType;

/** One argument of an op. Without a default it must be given; `undefined` as a default marks it optional. */
export interface Param<T> {
  readonly type: ParamTypeName;
  readonly doc: string;
  readonly default?: T | undefined;
  readonly isOptional: boolean;
  /** Smallest value, for numbers. */
  readonly least?: number;
  /** Rule S4: where the argument is left out, the promise's argument of this name counts. */
  readonly isInherited: boolean;
}

export type ParamTypes = Readonly<Record<string, Param<unknown>>>;
export type ParamValues<P extends ParamTypes> = {
  readonly [N in keyof P]: P[N] extends Param<infer T> ? T : never;
};

interface ParamOptions<T> {
  readonly default?: T;
  readonly least?: number;
  readonly isInherited?: boolean;
}

function param<T>(type: ParamTypeName, doc: string, options: ParamOptions<T>): Param<T> {
  const { isInherited = false, ...rest } = options;
  return { type, doc, isOptional: "default" in options, isInherited, ...rest };
}

export const int = (doc: string, options: ParamOptions<number> = {}): Param<number> =>
  param("int", doc, { least: 1, ...options });
/** An integer that may be left out; the op then decides. */
export const optionalInt = (doc: string): Param<number | undefined> => ({
  ...param<number | undefined>("int", doc, { least: 1 }),
  isOptional: true,
});
export const float = (doc: string, options: ParamOptions<number> = {}): Param<number> =>
  param("float", doc, options);
export const bool = (doc: string, options: ParamOptions<boolean> = {}): Param<boolean> =>
  param("bool", doc, options);
export const size = (doc: string, options: ParamOptions<Size> = {}): Param<Size> =>
  param("size", doc, options);
export const filterTaps = (doc: string): Param<FilterTaps> => param("filter", doc, {});

export const gain = (): Param<number> =>
  param("float", "The first kernel is drawn uniformly in ±gain/sqrt(fan in).", {
    default: 1,
    least: 0,
  });

/** Which tap lies over the output's position, counted from 1 (rule S2). */
export const anchor = (): Param<Size | undefined> => ({
  ...param<Size | undefined>(
    "size",
    "The tap, row by column counted from 1, that lies over the output's position; the middle unless said.",
    {},
  ),
  isOptional: true,
});

/** Distance of neighbouring taps. A learned kernel has its promise's where it does not say otherwise (rule S4). */
export const dilation = (options: Pick<ParamOptions<number>, "isInherited"> = {}): Param<number> =>
  int("Distance between neighbouring taps.", { default: 1, ...options });

/** Channels that enter and leave an op. */
export interface Channels {
  readonly in: number;
  readonly out: number;
}

interface WeightDeclaration<Kind extends "kernel" | "vector"> {
  readonly kind: Kind;
  /** HWIO of a kernel, [size] of a vector. */
  readonly shape: readonly number[];
  readonly groups: number;
  readonly role: WeightRole;
  readonly initial: Initial;
}
export type KernelWeight = WeightDeclaration<"kernel">;
export type VectorWeight = WeightDeclaration<"vector">;
export type WeightDeclarations = Readonly<Record<string, KernelWeight | VectorWeight>>;

/**
 * A learned kernel [height, width, in/groups, out], drawn uniformly in ±gain/sqrt(fan in). A gain of 1 is what `kaiming_uniform(a = sqrt(5))`,
 * the default of PyTorch's convolutions, comes to; its a = 0 is a gain of sqrt(6).
 */
export function kernel(size: Size, channels: Channels, groups: number, gain = 1): KernelWeight {
  const shape = [size.height, size.width, channels.in / groups, channels.out];
  const initial = { kind: "uniform", bound: gain / Math.sqrt(fanIn(shape)) } as const;
  return { kind: "kernel", shape, groups, role: "kernel", initial };
}

export function vector(length: number, role: WeightRole, initial: number | Initial): VectorWeight {
  const rule: Initial =
    typeof initial === "number" ? { kind: "constant", value: initial } : initial;
  return { kind: "vector", shape: [length], groups: 1, role, initial: rule };
}

/** Products that one output of a kernel sums. */
export function fanIn(shape: readonly number[]): number {
  const [height = 1, width = 1, perGroup = 1] = shape;
  return height * width * perGroup;
}

/** Weights as one interpretation of the algebra holds them. */
export type WeightValues<W extends WeightDeclarations, K, V> = {
  readonly [N in keyof W]: W[N] extends KernelWeight ? K : W[N] extends VectorWeight ? V : K & V;
};

/** The affine map of one op: a kernel, or else a factor per channel (absent: one), and a bias (absent: zero). */
export interface Linear<K, V> {
  readonly kernel?: K;
  readonly scale?: V;
  readonly bias?: V | undefined;
}

/**
 * An op that may stand in a branch. Its `affine` is said once, over an abstract algebra; the merge rule, the composed training form, the
 * branch-by-branch form and the reference semantics are interpretations of it.
 */
export interface AffineOp<
  P extends ParamTypes = ParamTypes,
  W extends WeightDeclarations = WeightDeclarations,
> {
  readonly kind: "affine";
  /** As written in `.repq`. */
  readonly name: string;
  /** For hover and reference: one or two sentences. */
  readonly doc: string;
  /** A chain that shows it. */
  readonly example: string;
  readonly params: P;
  /** Has taps, so it can carry its block's stride (rule S3). */
  readonly hasKernel: boolean;
  /** `mean` and `variance` come from the statistics of what enters, not from weights alone (rule S14). */
  readonly normalizes: boolean;
  /** Rows and columns of taps. */
  taps(params: ParamValues<P>): Size;
  /** Positions from one tap to the next. `affine` gives the taps alone, without zeros between them. */
  dilation(params: ParamValues<P>): number;
  /** The tap over the output's position, counted from 1; absent: the middle, which an even number of taps has between two. */
  anchor(params: ParamValues<P>): Size | undefined;
  /** Groups of its kernel; 1 for ops without one. */
  groups(params: ParamValues<P>, channels: Channels): number;
  /** Channels out, given channels in and, for the last convolution of a chain, the channels wanted (rule S5). */
  outputs(params: ParamValues<P>, from: { readonly in: number; readonly wanted: number }): number;
  /** Why these channels do not fit, or nothing. */
  misfit(params: ParamValues<P>, channels: Channels): string | undefined;
  weights(params: ParamValues<P>, channels: Channels): W;
  affine<K, V>(
    algebra: KernelAlgebra<K, V>,
    weights: WeightValues<W, K, V>,
    params: ParamValues<P>,
    channels: Channels,
  ): Linear<K, V>;
}

type Optional =
  | "hasKernel"
  | "normalizes"
  | "taps"
  | "dilation"
  | "anchor"
  | "groups"
  | "outputs"
  | "misfit"
  | "weights"
  | "kind";
type AffineRecord<P extends ParamTypes, W extends WeightDeclarations> = Omit<
  AffineOp<P, W>,
  Optional
> &
  Partial<Omit<AffineOp<P, W>, "kind">>;

/** Fills in what most ops share: one tap, channels kept, no weights. */
export function defineAffine<P extends ParamTypes, W extends WeightDeclarations>(
  record: AffineRecord<P, W>,
): AffineOp<P, W> {
  return {
    kind: "affine",
    hasKernel: false,
    normalizes: false,
    taps: () => ({ height: 1, width: 1 }),
    dilation: () => 1,
    anchor: () => undefined,
    groups: () => 1,
    outputs: (_, from) => from.in,
    misfit: () => undefined,
    weights: () => ({}) as W,
    ...record,
  };
}

/** What is known of the sign of a map's numbers; decides signed or unsigned levels. */
export type Sign = "nonnegative" | "any";

/** An op between blocks, or after `then`: it ends a merge island. */
export interface MapOp<P extends ParamTypes = ParamTypes> {
  readonly kind: "map";
  readonly name: string;
  readonly doc: string;
  readonly example: string;
  readonly params: P;
  /** Result type, or why the input does not fit. */
  result(params: ParamValues<P>, input: ValueType): ValueType | string;
  weights(params: ParamValues<P>, channels: number): Readonly<Record<string, VectorWeight>>;
  /** What its instruction carries; the instruction has the op's name, and for arguments the input, then the weights in order. */
  attributes(params: ParamValues<P>): Readonly<Record<string, Attribute>>;
  sign(input: Sign): Sign;
  /** Sums many positions, so that an exact deployment needs its input on a grid. */
  readonly sumsPositions: boolean;
}

type MapRecord<P extends ParamTypes> = Omit<
  MapOp<P>,
  "kind" | "weights" | "sumsPositions" | "attributes"
> &
  Partial<Pick<MapOp<P>, "weights" | "sumsPositions" | "attributes">>;

/** Why a kernel has no such tap, or nothing. */
export function anchorMisfit(anchor: Size | undefined, size: Size): string | undefined {
  if (!anchor || (anchor.height <= size.height && anchor.width <= size.width)) return undefined;
  return `a ${size.height}x${size.width} kernel has no tap ${anchor.height}x${anchor.width} to be its anchor`;
}

export function defineMap<P extends ParamTypes>(record: MapRecord<P>): MapOp<P> {
  return {
    kind: "map",
    weights: () => ({}),
    attributes: () => ({}),
    sumsPositions: false,
    ...record,
  };
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any */
export type AnyAffineOp = AffineOp<any, any>;
/* eslint-disable-next-line @typescript-eslint/no-explicit-any */
export type AnyMapOp = MapOp<any>;
export type Op = AnyAffineOp | AnyMapOp;
