/**
 * The instruction table: everything a graph may say. Each row gives the argument kinds, the attributes and the result types; the verifier,
 * the runtime, the emitter and the exporters each have one table with these same names.
 *
 * `quantize` yields a value of the same type whose numbers lie on a grid: integer levels times a step. `conv` and `global_avg` accept such
 * values. In `train` mode an executor computes with the dequantized numbers (fake quantization, differentiable); in `eval` mode with the
 * integer levels, which float32 adds without rounding in any order up to 2^24, and multiplies by the steps once, after the sum:
 * `y = fl(fl(Σ levels·levels · fl(step_x·step_k)) + bias)`. That is why every engine gives the same bits.
 */
import type { Attribute } from "./graph.ts";
import type { KernelType, ValueType } from "./types.ts";

type Attributes = Readonly<Record<string, Attribute>>;

interface Row {
  readonly doc: string;
  /** Result types, or throws `IllTyped`. */
  readonly type: (args: readonly ValueType[], attributes: Attributes) => readonly ValueType[];
}

/** An instruction that breaks its row's rule: always our bug, never the user's. */
export class IllTyped extends Error {}

function fail(message: string): never {
  throw new IllTyped(`repqc bug: ${message}`);
}

function number(attributes: Attributes, name: string): number {
  const value = attributes[name];
  return typeof value === "number" ? value : fail(`attribute ${name} must be a number`);
}

function numbers(attributes: Attributes, name: string, length: number): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value) || value.length !== length) {
    fail(`attribute ${name} must have ${length} numbers`);
  }
  return value as readonly number[];
}

function kernel(type: ValueType | undefined): KernelType {
  return type?.kind === "kernel" ? type : fail(`expected a kernel, got ${type?.kind}`);
}

function vector(type: ValueType | undefined, size: number): void {
  if (type?.kind !== "vector" || type.size !== size)
    fail(`expected vector ${size}, got ${JSON.stringify(type)}`);
}

function same(a: ValueType | undefined, b: ValueType | undefined): ValueType {
  if (!a || JSON.stringify(a) !== JSON.stringify(b)) {
    fail(`types differ: ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
  }
  return a;
}

function activation(type: ValueType | undefined): ValueType {
  return type?.kind === "map" || type?.kind === "features"
    ? type
    : fail(`expected an activation, got ${type?.kind}`);
}

function perChannel(
  x: ValueType | undefined,
  ...vectors: (ValueType | undefined)[]
): readonly ValueType[] {
  const type = activation(x);
  const channels = type.kind === "map" || type.kind === "features" ? type.channels : 0;
  for (const v of vectors) vector(v, channels);
  return [type];
}

function convolved(x: ValueType | undefined, k: KernelType, attributes: Attributes): ValueType {
  if (k.groups !== number(attributes, "groups")) fail("conv: groups differ from the kernel's");
  if (x?.kind === "features") {
    if (k.height !== 1 || k.width !== 1 || k.in * k.groups !== x.channels)
      fail("conv: features need a 1x1 kernel");
    return { kind: "features", channels: k.out };
  }
  if (x?.kind !== "map") fail("conv: expected an activation");
  if (x.channels !== k.in * k.groups)
    fail(`conv: ${x.channels} channels into a kernel of ${k.in}x${k.groups}`);
  const [top = 0, bottom = 0, left = 0, right = 0] = numbers(attributes, "pads", 4);
  const stride = number(attributes, "stride");
  const height = Math.floor((x.height + top + bottom - k.height) / stride) + 1;
  const width = Math.floor((x.width + left + right - k.width) / stride) + 1;
  if (height < 1 || width < 1) fail("conv: the kernel is larger than its input");
  return { kind: "map", height, width, channels: k.out };
}

function resized(
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

export const instructions: Readonly<Record<string, Row>> = {
  // Leaves
  input: { doc: "The model's input.", type: (_, a) => [typeFrom(a)] },
  weight: { doc: "A weight, by `path`.", type: (_, a) => [typeFrom(a)] },
  identity_kernel: {
    doc: "δ kernel of `channels` in `groups`.",
    type: (_, a) => {
      const [channels, groups] = [number(a, "channels"), number(a, "groups")];
      return [
        { kind: "kernel", height: 1, width: 1, in: channels / groups, out: channels, groups },
      ];
    },
  },
  fixed_kernel: {
    doc: "Depthwise kernel with the same `table` ([row][column]) for each of `channels`.",
    type: (_, a) => {
      const table = a["table"] as readonly (readonly number[])[];
      const channels = number(a, "channels");
      return [
        {
          kind: "kernel",
          height: table.length,
          width: table[0]?.length ?? 0,
          in: 1,
          out: channels,
          groups: channels,
        },
      ];
    },
  },
  fill: {
    doc: "A vector of `size` times `value`.",
    type: (_, a) => [{ kind: "vector", size: number(a, "size") }],
  },

  // Kernels: the kernel algebra, instruction by method
  scale_out: { doc: "K[h,w,i,o]·v[o].", type: ([k, v]) => (vector(v, kernel(k).out), [kernel(k)]) },
  scale_in: {
    doc: "K[h,w,i,o]·v[input channel].",
    type: ([k, v]) => (vector(v, kernel(k).in * kernel(k).groups), [kernel(k)]),
  },
  add_kernels: { doc: "Sum of two kernels.", type: ([a, b]) => [same(kernel(a), b)] },
  negate_kernel: { doc: "-K.", type: ([k]) => [kernel(k)] },
  embed: {
    doc: "Zeros around a kernel up to `height` by `width`, with `top` rows and `left` columns before it.",
    type: ([k], a) => [{ ...kernel(k), height: number(a, "height"), width: number(a, "width") }],
  },
  dilate: {
    doc: "Zeros between taps: factor `height` by `width`.",
    type: ([k], a) => {
      const type = kernel(k);
      const height = (type.height - 1) * number(a, "height") + 1;
      return [{ ...type, height, width: (type.width - 1) * number(a, "width") + 1 }];
    },
  },
  regroup: {
    doc: "The same map written with `groups` fewer groups (block-diagonal expansion).",
    type: ([k], a) => {
      const type = kernel(k);
      const groups = number(a, "groups");
      return [{ ...type, in: (type.in * type.groups) / groups, groups }];
    },
  },
  compose: {
    doc: "Kernel of 'first, then second'; both in the same groups.",
    type: ([first, second]) => {
      const [a, b] = [kernel(first), kernel(second)];
      if (a.groups !== b.groups || a.out !== b.in * b.groups)
        fail("compose: channels or groups differ");
      return [{ ...a, height: a.height + b.height - 1, width: a.width + b.width - 1, out: b.out }];
    },
  },
  spread: {
    doc: "Kernel of 'a 1x1 convolution, then a depthwise one': pointwise[i,o]·depthwise[h,w,o].",
    type: ([pointwise, depthwise]) => {
      const [a, b] = [kernel(pointwise), kernel(depthwise)];
      if (a.groups !== 1 || a.height * a.width !== 1 || b.in !== 1 || b.out !== a.out)
        fail("spread: not 1x1 then depthwise");
      return [{ ...a, height: b.height, width: b.width }];
    },
  },
  carry: {
    doc: "Σ_{h,w,i} v[i]·K[h,w,i,o].",
    type: ([v, k]) => (
      vector(v, kernel(k).in * kernel(k).groups),
      [{ kind: "vector", size: kernel(k).out }]
    ),
  },

  // Vectors
  add_vectors: { doc: "a + b.", type: ([a, b]) => [same(a, b)] },
  subtract_vectors: { doc: "a - b.", type: ([a, b]) => [same(a, b)] },
  multiply_vectors: { doc: "a·b.", type: ([a, b]) => [same(a, b)] },
  negate_vector: { doc: "-a.", type: ([a]) => [same(a, a)] },
  reciprocal_root: { doc: "1/sqrt(v + `epsilon`).", type: ([a]) => [same(a, a)] },

  // Statistics
  statistics: {
    doc:
      "Mean and (biased) variance per channel of conv(x, K) + bias over batch and positions; args x, [K, [bias,]] running mean, running variance. " +
      "Without K: of x. `train` mode: of the batch, by provider `mode`; the running ones are updated with `momentum` (variance unbiased). `eval`: the running ones.",
    type: (args, a) => {
      const [x, k] = args;
      const measured = args.length > 3 ? convolved(x, kernel(k), a) : activation(x);
      const size = measured.kind === "map" || measured.kind === "features" ? measured.channels : 0;
      vector(args.at(-2), size);
      vector(args.at(-1), size);
      return [
        { kind: "vector", size },
        { kind: "vector", size },
      ];
    },
  },

  // Activations
  quantize: {
    doc:
      "Levels round_half_even(clip(v/step, `low`, `high`)) with `step`: scalar, or one per output channel of a kernel. `quantizer` names the rule " +
      "by which steps learn; `gradient_scale` multiplies their gradient.",
    type: ([v, step], a) => {
      if (!v || number(a, "low") >= number(a, "high")) fail("quantize: empty range");
      if (step?.kind === "vector") vector(step, kernel(v).out);
      else if (step?.kind !== "scalar") fail("quantize: step must be a scalar or a vector");
      return [v];
    },
  },
  conv: {
    doc: "Cross-correlation with `stride`, zero `pads` [top, bottom, left, right], `groups`; args x, K [, bias].",
    type: ([x, k, bias], a) => {
      if (bias) vector(bias, kernel(k).out);
      return [convolved(x, kernel(k), a)];
    },
  },
  batch_norm: {
    doc:
      "args x, gamma, beta, running mean, running variance; `epsilon`, `momentum`, `interior` [top, bottom, left, right]: rows and columns that are " +
      "normalized but not counted in the statistics.",
    type: ([x, ...vectors]) => perChannel(x, ...vectors),
  },
  scale_channels: { doc: "x·v per channel.", type: ([x, v]) => perChannel(x, v) },
  add_channels: { doc: "x + v per channel.", type: ([x, v]) => perChannel(x, v) },
  pad: {
    doc: "Zeros around a map, `by` [top, bottom, left, right].",
    type: ([x], a) => resized(x, a, 1),
  },
  crop: {
    doc: "A map without its rim, `by` [top, bottom, left, right].",
    type: ([x], a) => resized(x, a, -1),
  },
  add: { doc: "a + b.", type: ([a, b]) => [same(activation(a), b)] },
  subtract: { doc: "a - b.", type: ([a, b]) => [same(activation(a), b)] },
  negate: { doc: "-a.", type: ([a]) => [activation(a)] },
  relu: { doc: "max(x, 0).", type: ([x]) => [activation(x)] },
  prelu: {
    doc: "x where positive, else alpha·x per channel.",
    type: ([x, alpha]) => perChannel(x, alpha),
  },
  global_avg: {
    doc: "Mean over all positions: map to features.",
    type: ([x]) => [
      x?.kind === "map" ? { kind: "features", channels: x.channels } : fail("expected a map"),
    ],
  },
  tile: {
    doc: "The channel vector `times` times in a row.",
    type: ([x], a) => [
      x?.kind === "map"
        ? { ...x, channels: x.channels * number(a, "times") }
        : fail("expected a map"),
    ],
  },
  depth_to_space: {
    doc: "Channels to positions: channel (i·`scale` + j)·C + c goes to row offset i, column offset j, channel c.",
    type: ([x], a) => {
      if (x?.kind !== "map") fail("expected a map");
      const scale = number(a, "scale");
      return [
        {
          kind: "map",
          height: x.height * scale,
          width: x.width * scale,
          channels: x.channels / (scale * scale),
        },
      ];
    },
  },
};

/** Leaves carry their type as attributes `kind`, `shape` and, for kernels, `groups`. */
function typeFrom(attributes: Attributes): ValueType {
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

/** Result types of an instruction; throws {@link IllTyped} when it breaks its row's rule. */
export function resultTypes(
  op: string,
  args: readonly ValueType[],
  attributes: Attributes,
): readonly ValueType[] {
  const row = instructions[op];
  if (!row) fail(`unknown instruction ${op}`);
  return row.type(args, attributes);
}
