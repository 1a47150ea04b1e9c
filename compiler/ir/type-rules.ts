/** Pieces of the instruction table's rules: read an attribute or an argument's type, or say that the graph is ill-typed. */
import { countWindows, readGeometry } from "./conv-geometry.ts";
import type { Attribute } from "./graph.ts";
import type { KernelType, ValueType } from "./types.ts";

export type Attributes = Readonly<Record<string, Attribute>>;

/** An instruction that breaks its row's rule: always our bug, never the user's. */
export class IllTyped extends Error {}

export function fail(message: string): never {
  throw new IllTyped(`repqc bug: ${message}`);
}

export function number(attributes: Attributes, name: string): number {
  const value = attributes[name];
  return typeof value === "number" ? value : fail(`attribute ${name} must be a number`);
}

export function numbers(attributes: Attributes, name: string, length: number): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value) || value.length !== length) {
    fail(`attribute ${name} must have ${length} numbers`);
  }
  return value as readonly number[];
}

export function kernel(type: ValueType | undefined): KernelType {
  return type?.kind === "kernel" ? type : fail(`expected a kernel, got ${type?.kind}`);
}

export function vector(type: ValueType | undefined, size: number): void {
  if (type?.kind !== "vector" || type.size !== size)
    fail(`expected vector ${size}, got ${JSON.stringify(type)}`);
}

export function same(a: ValueType | undefined, b: ValueType | undefined): ValueType {
  if (!a || JSON.stringify(a) !== JSON.stringify(b)) {
    fail(`types differ: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
  }
  return a;
}

export function activation(type: ValueType | undefined): ValueType {
  return type?.kind === "map" || type?.kind === "features"
    ? type
    : fail(`expected an activation, got ${type?.kind}`);
}

/** An activation, whose channels can be counted. */
export function channelled(type: ValueType | undefined) {
  if (type?.kind === "map" || type?.kind === "features") return type;
  return fail(`expected an activation, got ${type?.kind}`);
}

export function sizeOfVector(type: ValueType): number {
  return type.kind === "vector" ? type.size : fail(`expected a vector, got ${type.kind}`);
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((a, b) => a + b, 0);
}

/** C7: kernels of one size and as many inputs, outputs side by side. */
export function joinedKernels(parts: readonly ValueType[], groups: number): readonly ValueType[] {
  const kernels = parts.map(kernel);
  const [first] = kernels;
  if (!first) fail("join_kernels: of nothing");
  const all = sumOf(kernels.map((part) => part.groups));
  if (groups > 1 && all !== groups) fail(`join_kernels: ${all} groups, not ${groups}`);
  for (const part of kernels) {
    same({ ...first, out: 1, groups: 1 }, { ...part, out: 1, groups: 1 });
    if (groups === 1 && part.groups !== 1) fail("join_kernels: parts with groups of their own");
    if (groups > 1 && part.out / part.groups !== first.out / first.groups)
      fail("join_kernels: groups of different sizes");
  }
  return [{ ...first, out: sumOf(kernels.map((part) => part.out)), groups }];
}

export function perChannel(
  x: ValueType | undefined,
  ...vectors: (ValueType | undefined)[]
): readonly ValueType[] {
  const type = activation(x);
  const channels = type.kind === "map" || type.kind === "features" ? type.channels : 0;
  for (const v of vectors) vector(v, channels);
  return [type];
}

/** Mean and variance of x, or with four arguments and more of its convolution; the last two are the running ones. */
export function momentsOf(
  args: readonly ValueType[],
  attributes: Attributes,
): readonly ValueType[] {
  const [x, k] = args;
  const measured = args.length > 3 ? convolved(x, kernel(k), attributes) : activation(x);
  const size = channelled(measured).channels;
  vector(args.at(-2), size);
  vector(args.at(-1), size);
  return [
    { kind: "vector", size },
    { kind: "vector", size },
  ];
}

export function convolved(
  x: ValueType | undefined,
  k: KernelType,
  attributes: Attributes,
): ValueType {
  if (k.groups !== number(attributes, "groups")) fail("conv: groups differ from the kernel's");
  if (x?.kind === "features") {
    if (k.height !== 1 || k.width !== 1 || k.in * k.groups !== x.channels)
      fail("conv: features need a 1x1 kernel");
    return { kind: "features", channels: k.out };
  }
  if (x?.kind !== "map") fail("conv: expected an activation");
  if (x.channels !== k.in * k.groups)
    fail(`conv: ${x.channels} channels into a kernel of ${k.in}x${k.groups}`);
  checkGeometry(attributes);
  const { height, width } = countWindows(x, k, readGeometry(attributes));
  if (height < 1 || width < 1) fail("conv: the kernel is larger than its input");
  return { kind: "map", height, width, channels: k.out };
}

/** A convolution says where its windows lie, though `readGeometry` knows what to take where it does not. */
function checkGeometry(attributes: Attributes): void {
  numbers(attributes, "pads", 4);
  number(attributes, "stride");
}

export function resized(
  x: ValueType | undefined,
  attributes: Attributes,
  sign: 1 | -1,
): readonly ValueType[] {
  if (x?.kind !== "map") fail("expected a map");
  const [top = 0, bottom = 0, left = 0, right = 0] = numbers(attributes, "by", 4);
  return [
    { ...x, height: x.height + sign * (top + bottom), width: x.width + sign * (left + right) },
  ];
}

/** Leaves carry their type as attributes `kind`, `shape` and, for kernels, `groups`. */
export function typeFrom(attributes: Attributes): ValueType {
  const shape = attributes["shape"] as readonly number[];
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  switch (attributes["kind"]) {
    case "map":
      return { kind: "map", height: a, width: b, channels: c };
    case "features":
      return { kind: "features", channels: a };
    case "kernel":
      return {
        kind: "kernel",
        height: a,
        width: b,
        in: c,
        out: d,
        groups: number(attributes, "groups"),
      };
    case "vector":
      return { kind: "vector", size: a };
    case "scalar":
      return { kind: "scalar" };
    default:
      return fail(`unknown kind ${String(attributes["kind"])}`);
  }
}
