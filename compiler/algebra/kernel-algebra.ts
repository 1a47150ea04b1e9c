/**
 * Arithmetic on convolution kernels. One op says its affine map once, against this interface; each interpretation (arrays, recorded
 * instructions, ...) gives that statement another use: merging weights, training, proving, printing.
 *
 * Kernels are HWIO with I = inputs per group; a kernel with `groups` = g is block diagonal with g blocks, output channels group by group.
 * Laws C1-C7 in the docstrings are those of `specs/language.md`, "The calculus".
 */

/** Height by width, in taps. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Where a smaller kernel sits inside a larger frame: taps of zeros above and to the left of it. */
export interface Frame extends Size {
  readonly top: number;
  readonly left: number;
}

/** A fixed filter of one channel, `[row][column]`. */
export type Table = readonly (readonly number[])[];

export interface KernelAlgebra<K, V> {
  /** δ: [1, 1, channels/groups, channels]; output o copies input o. */
  identity(channels: number, groups: number): K;
  /** A fixed depthwise kernel [h, w, 1, channels], groups = channels; channel c has the taps `tables[c mod tables.length]`. */
  fixed(tables: readonly Table[], channels: number): K;
  /** C7: a kernel [1, 1, channels, count], groups 1; output o copies input `first` + o. */
  select(channels: number, first: number, count: number): K;
  /** A vector [size] of one number. */
  fill(value: number, size: number): V;

  /** C1: K[h,w,i,o] · v[o]. */
  scaleOut(kernel: K, perOutput: V): K;
  /** C4: K[h,w,i,o] · v[input channel]; v has one entry per input channel over all groups. */
  scaleIn(kernel: K, perInput: V, groups: number): K;
  /** C2: sum of kernels of the same shape and groups. */
  addKernels(a: K, b: K): K;
  negateKernel(kernel: K): K;
  /** C2: zeros around a kernel, so that it fills the frame. */
  embed(kernel: K, frame: Frame): K;
  /** The taps turned by half a turn: K[height-1-h, width-1-w, i, o]. */
  flip(kernel: K): K;
  /** C6: zeros between the taps. */
  dilate(kernel: K, by: Size): K;
  /** C6: the same map with fewer groups (`to` divides `from`): block-diagonal expansion. */
  regroup(kernel: K, from: number, to: number): K;
  /** C3: the kernel of "first, then second" (a true convolution of kernels); both have the same groups. */
  compose(first: K, second: K, groups: number): K;
  /** C3 for a 1x1 kernel [1,1,i,o] (groups 1) followed by a depthwise one [h,w,1,o]: pointwise[i,o] · depthwise[h,w,o], groups 1. */
  spread(pointwise: K, depthwise: K): K;
  /**
   * C3 for a kernel with groups, followed by a 1x1 one [1,1,t,o] without: grouped[h,w,i,t] · pointwise[t,o], summed over the outputs t of the
   * group of input i; groups 1. The composition of a depthwise and a pointwise convolution, which no block-diagonal kernel has to stand in for.
   */
  mix(grouped: K, pointwise: K, groups: number): K;
  /** C3: what a constant input v does: Σ_{h,w,i} v[i] K[h,w,i,o]; v over all input channels. */
  carry(perInput: V, kernel: K, groups: number): V;

  /**
   * C7: outputs side by side, in order; kernels of one size. Groups 1: all parts see the same input. More groups: every part sees a share of the
   * input of its own, its groups are consecutive groups of the whole, and all groups have as many outputs.
   */
  joinKernels(parts: readonly K[], groups: number): K;
  joinVectors(parts: readonly V[]): V;

  add(a: V, b: V): V;
  subtract(a: V, b: V): V;
  multiply(a: V, b: V): V;
  negate(a: V): V;
  /** 1 / sqrt(v + epsilon). */
  reciprocalRoot(v: V, epsilon: number): V;
}
