/** Where the windows of a convolution lie over its input: the one place that says what the attributes of a `conv` mean. */
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Attribute } from "./graph.ts";

/** Rows and columns at the four sides: [top, bottom, left, right]. */
export type Pads = readonly [number, number, number, number];

export interface ConvGeometry {
  /** Positions from one window to the next. */
  readonly stride: number;
  /** Zeros around the input. */
  readonly pads: Pads;
  readonly groups: number;
  /** Positions from one tap of a window to the next. */
  readonly dilation: number;
}

type Attributes = Readonly<Record<string, Attribute>>;

/** As attributes of an instruction; a dilation of 1 goes without saying. */
export function geometryAttributes({ stride, pads, groups, dilation }: ConvGeometry): Attributes {
  return { stride, pads, groups, ...(dilation > 1 && { dilation }) };
}

/** What the attributes of an instruction say; of one that has none, that a window is all there is. */
export function readGeometry(attributes: Attributes): ConvGeometry {
  const number = (name: string) => {
    const value = attributes[name];
    return typeof value === "number" ? value : 1;
  };
  const [top = 0, bottom = 0, left = 0, right = 0] = (attributes["pads"] ?? []) as number[];
  return {
    stride: number("stride"),
    pads: [top, bottom, left, right],
    groups: number("groups"),
    dilation: number("dilation"),
  };
}

/** Positions from the first tap to the last. */
export function reachOfTaps({ height, width }: Size, dilation: number): Size {
  return { height: (height - 1) * dilation + 1, width: (width - 1) * dilation + 1 };
}

/** Windows of so many taps along rows and columns of an input; below 1 where none fits. */
export function countWindows(
  { height, width }: Size,
  taps: Size,
  { stride, pads: [top, bottom, left, right], dilation }: Omit<ConvGeometry, "groups">,
): Size {
  const reach = reachOfTaps(taps, dilation);
  return {
    height: Math.floor((height + top + bottom - reach.height) / stride) + 1,
    width: Math.floor((width + left + right - reach.width) / stride) + 1,
  };
}
