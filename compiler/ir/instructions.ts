/**
 * The instruction table: everything a graph may say. Each row gives the argument kinds, the attributes and the result types; the verifier,
 * the runtime, the emitter and the exporters each have one table with these same names.
 *
 * `quantize` yields a value of the same type whose numbers lie on a grid: integer levels times a step. `conv` and `global_avg` accept such
 * values. In `train` mode an executor computes with the dequantized numbers (fake quantization, differentiable); in `eval` mode with the
 * integer levels, which float32 adds without rounding in any order up to 2^24, and multiplies by the steps once, after the sum:
 * `y = fl(fl(Σ levels·levels · fl(step_x·step_k)) + bias)`. That is why every engine gives the same bits.
 */
import type { Table } from "../algebra/kernel-algebra.ts";
import type { ValueType } from "./types.ts";
import {
  activation,
  channelled,
  convolved,
  fail,
  joinedKernels,
  kernel,
  momentsOf,
  number,
  numbers,
  perChannel,
  resized,
  same,
  sizeOfVector,
  sumOf,
  typeFrom,
  vector,
  type Attributes,
} from "./type-rules.ts";

interface Row {
  readonly doc: string;
  /** Result types, or throws `IllTyped`. */
  readonly type: (args: readonly ValueType[], attributes: Attributes) => readonly ValueType[];
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
    doc: "Depthwise kernel of `channels`; channel c has the taps `tables`[c mod their number], each [row][column].",
    type: (_, a) => {
      const [table = []] = a["tables"] as readonly Table[];
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
  select_kernel: {
    doc: "1x1 kernel of `channels` whose output o, of `count`, copies input `first` + o.",
    type: (_, a) => {
      const [channels, first, count] = ["channels", "first", "count"].map((name) =>
        number(a, name),
      );
      if (first! < 0 || first! + count! > channels!) fail("select_kernel: beyond the channels");
      return [{ kind: "kernel", height: 1, width: 1, in: channels!, out: count!, groups: 1 }];
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
  flip_kernel: { doc: "K[height-1-h,width-1-w,i,o].", type: ([k]) => [kernel(k)] },
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
  mix: {
    doc: "Kernel of 'a convolution in `groups`, then a 1x1 one': Σ_t grouped[h,w,i,t]·pointwise[t,o] over the outputs t of the group of i.",
    type: ([grouped, pointwise], a) => {
      const [first, second] = [kernel(grouped), kernel(pointwise)];
      if (first.groups !== number(a, "groups") || first.out !== second.in)
        fail("mix: channels or groups differ");
      if (second.groups !== 1 || second.height * second.width !== 1) fail("mix: not a 1x1 behind");
      return [{ ...first, in: first.in * first.groups, out: second.out, groups: 1 }];
    },
  },
  carry: {
    doc: "Σ_{h,w,i} v[i]·K[h,w,i,o].",
    type: ([v, k]) => (
      vector(v, kernel(k).in * kernel(k).groups),
      [{ kind: "vector", size: kernel(k).out }]
    ),
  },

  join_kernels: {
    doc: "Outputs side by side. `groups` 1: the parts share their input; more: the groups of the parts, one behind another.",
    type: (parts, a) => joinedKernels(parts, number(a, "groups")),
  },

  range_step: {
    doc: "max|K| / `high`, `per` tensor or per output channel: the step of a grid that clips nothing.",
    type: ([k], a) => {
      const { out } = kernel(k);
      return [a["per"] === "channel" ? { kind: "vector", size: out } : { kind: "scalar" }];
    },
  },

  // Vectors
  join_vectors: {
    doc: "One vector behind another.",
    type: (parts) => [{ kind: "vector", size: sumOf(parts.map(sizeOfVector)) }],
  },
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
    type: momentsOf,
  },

  // Activations
  quantize: {
    doc:
      "Levels round_half_even(clip(v/step, `low`, `high`)) with `step`: scalar, or one per output channel of a kernel, or [step, zero point] of an activation: then the levels, less the zero point rounded to one, of the bounds so moved. `quantizer` names the rule " +
      "by which steps learn; its own options follow. `per` and `reason` are for readers.",
    type: ([v, step], a) => {
      if (!v || number(a, "low") >= number(a, "high")) fail("quantize: empty range");
      if (step?.kind === "vector") vector(step, v.kind === "kernel" ? v.out : 2);
      else if (step?.kind !== "scalar") fail("quantize: step must be a scalar or a vector");
      return [v];
    },
  },
  quantize_range: {
    doc: "As quantize, of a kernel whose step is its own range_step.",
    type: ([k], a) => {
      if (number(a, "low") >= number(a, "high")) fail("quantize_range: empty range");
      return [kernel(k)];
    },
  },
  conv: {
    doc: "Cross-correlation with `stride`, zero `pads` [top, bottom, left, right], `groups` and, where it is not 1, the `dilation` of its taps; args x, K [, bias].",
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
  slice_channels: {
    doc: "`count` channels from `first` on.",
    type: ([x], a) => {
      const [first, count] = [number(a, "first"), number(a, "count")];
      const type = channelled(x);
      if (first < 0 || first + count > type.channels) fail("slice_channels: beyond the channels");
      return [{ ...type, channels: count }];
    },
  },
  concat_channels: {
    doc: "Channels side by side, in order.",
    type: (parts) => {
      const [first, ...others] = parts.map(channelled);
      if (!first) fail("concat_channels: of nothing");
      for (const other of others) same({ ...first, channels: 1 }, { ...other, channels: 1 });
      return [{ ...first, channels: sumOf([first, ...others].map((type) => type.channels)) }];
    },
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
  max_pool: {
    doc: "The largest number of each window of `size` [height, width], with `stride`; what `pads` [top, bottom, left, right] add is smaller than all.",
    type: ([x], a) => {
      const { channels } = x?.kind === "map" ? x : fail("expected a map");
      const [height = 0, width = 0] = numbers(a, "size", 2);
      const window = { kind: "kernel", height, width, in: 1, out: channels } as const;
      return [convolved(x, { ...window, groups: channels }, { ...a, groups: channels })];
    },
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
