/** Types of values in a graph. The batch is implied: a map is [batch, height, width, channels] at run time. */
export type ValueType =
  | MapType
  | { readonly kind: "features"; readonly channels: number }
  | KernelType
  | { readonly kind: "vector"; readonly size: number }
  | { readonly kind: "scalar" };

/** NHWC activations. */
export interface MapType {
  readonly kind: "map";
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** HWIO; `in` counts inputs per group. */
export interface KernelType {
  readonly kind: "kernel";
  readonly height: number;
  readonly width: number;
  readonly in: number;
  readonly out: number;
  readonly groups: number;
}

/** Sizes of a tensor of this type, without the batch. */
export function shapeOf(type: ValueType): readonly number[] {
  switch (type.kind) {
    case "map":
      return [type.height, type.width, type.channels];
    case "features":
      return [type.channels];
    case "kernel":
      return [type.height, type.width, type.in, type.out];
    case "vector":
      return [type.size];
    case "scalar":
      return [];
  }
}

/** `map 8x8x16`, `kernel 3x3x16x32/2`, `vector 16`, `scalar`. */
export function printType(type: ValueType): string {
  const shape = shapeOf(type).join("x");
  if (type.kind === "kernel" && type.groups > 1) return `kernel ${shape}/${type.groups}`;
  return shape === "" ? type.kind : `${type.kind} ${shape}`;
}

/** Channels of an activation. */
export function channelsOf(type: ValueType): number {
  if (type.kind === "map" || type.kind === "features") return type.channels;
  throw new Error(`repqc bug: a ${type.kind} is not an activation`);
}
