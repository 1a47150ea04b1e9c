import type { Span } from "../../grammar/source.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { AnyMapOp, Sign } from "../ops/index.ts";
import type { Affine, AffineStep, Extent } from "./affine.ts";
import type { ConvGeometry } from "./conv-geometry.ts";
import type { ValueType } from "./types.ts";
import type { Wording } from "./wording.ts";

/** Position of a node in its model's list. */
export type NodeId = number;

/** A model, or one block standing alone, with channels, shapes and paths settled; nodes in executable order. */
export interface Model {
  /** The declaration and its arguments, as a person would write them. */
  readonly entry: string;
  readonly nodes: readonly Node[];
  readonly output: NodeId;
}

export type Node = InputNode | Island | MapNode | AddNode;

interface NodeBase {
  readonly type: ValueType;
  readonly sign: Sign;
  readonly span: Span;
}

export interface InputNode extends NodeBase {
  readonly kind: "input";
  readonly name: string;
  /** Whether the spec leaves height and width to whoever compiles it. */
  readonly isOpen: readonly [height: boolean, width: boolean];
}

/** What a block promises to become: one convolution. */
export interface Promised extends ConvGeometry {
  /** Taps of its kernel. */
  readonly size: Size;
  /** What they reach over, around the one over the output's position. */
  readonly extent: Extent;
}

/** `conv(3x3, dilation: 2, stride: 2, groups: 4)`; what is 1 is left out. */
export function printPromise({
  size: { height, width },
  dilation,
  stride,
  groups,
}: Omit<Promised, "extent" | "pads">): string {
  const details = [
    `${height}x${width}`,
    ...(dilation > 1 ? [`dilation: ${dilation}`] : []),
    ...(stride > 1 ? [`stride: ${stride}`] : []),
    ...(groups > 1 ? [`groups: ${groups}`] : []),
  ];
  return `conv(${details.join(", ")})`;
}

/** A stretch of affine ops between two barriers: it trains as branches and deploys as one convolution. */
export interface Island extends NodeBase {
  readonly kind: "island";
  readonly path: string;
  readonly input: NodeId;
  readonly promised: Promised;
  readonly body: Affine;
  /** Name of the block or op that it comes from. */
  readonly label: string;
  /** Where the promise stands in the spec. */
  readonly promisedAt: Span;
  /** Absent of ops outside a block. */
  readonly wording: Wording | undefined;
}

/** A barrier. */
export interface MapNode extends NodeBase {
  readonly kind: "map";
  readonly path: string;
  readonly input: NodeId;
  readonly op: AnyMapOp;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface AddNode extends NodeBase {
  readonly kind: "add";
  /** `<binding>.sum`; of several in a binding the others are `sum2`, `sum3` and so on. */
  readonly path: string;
  readonly inputs: readonly [NodeId, NodeId];
}

/** Where the weights of a quantizer lie on its grid, and why. */
export interface Quantizer {
  /** Name of the rule that learns the step, such as `lsq`. */
  readonly quantizer: string;
  readonly bits: number;
  /** Smallest and largest level. */
  readonly low: number;
  readonly high: number;
  readonly granularity: "channel" | "tensor";
  /** What it quantizes; its step is the weight `<path>.step`. */
  readonly path: string;
  readonly reason: string;
  /** The rule's own. */
  readonly options?: Options;
}

export interface NodeQuantizers {
  readonly input?: Quantizer;
  readonly kernel?: Quantizer;
  /** Of the operands of a sum. */
  readonly left?: Quantizer;
  readonly right?: Quantizer;
}

/** Those that stand at what flows into a node. */
export function activationQuantizers({ input, left, right }: NodeQuantizers): readonly Quantizer[] {
  return [input, left, right].filter((one) => one !== undefined);
}

/** Where the numbers of the supplementary's policies go (rule S10). */
export interface QuantizedModel {
  readonly model: Model;
  /** With its arguments settled, as `RepQ(bits: 8)`; empty: floating point. */
  readonly policy: string;
  /** `merged`: RepQ. `after_merge`: the "Merged" baseline. `branches`: each convolution by itself, which no merge can undo. */
  readonly on: "merged" | "after_merge" | "branches";
  readonly quantizers: ReadonlyMap<NodeId, NodeQuantizers>;
  /** Of `branches`: by the learned convolutions of the islands. */
  readonly branches?: ReadonlyMap<AffineStep, NodeQuantizers>;
  /** Statistics mode of each island's normalizations. */
  readonly statistics: ReadonlyMap<NodeId, StatisticsMode>;
}

export interface StatisticsMode {
  readonly mode: string;
  readonly options: Options;
}

/** By name, as they become attributes. */
export type Options = Readonly<Record<string, number | string | boolean>>;
