import type { Random } from "../random.ts";
import type { ImageShape } from "./dataset.ts";

/** What a training consumes: inputs with what the output shall be, for classification or for images from images. */
export interface Examples {
  /** "CIFAR-10, training part". */
  readonly name: string;
  /** Where they come from, and how the parts were made. */
  readonly source: string;
  /** Examples in one pass. */
  readonly size: number;
  /** Of one input. */
  readonly inputShape: ImageShape;
  readonly target: Target;
  /**
   * One pass. The same options give the same batches to the bit, and batches from `first` on are those of the whole pass.
   *
   * @throws FileProblem when an example cannot be read; RangeError for impossible options
   */
  pass(options: PassOptions): AsyncGenerator<ExampleBatch, void, undefined>;
}

export type Target =
  /** A class each; label 3 means `classes[3]`. */
  | { readonly kind: "labels"; readonly classes: readonly string[] }
  /** An image each, of numbers from 0 to `peak`. */
  | { readonly kind: "images"; readonly shape: ImageShape; readonly peak: number };

export interface PassOptions {
  readonly batch: number;
  /** Gives order and augmentation; only its seed and labels count, not what was drawn from it. */
  readonly random: Random;
  /** A random order of all examples, or their own. */
  readonly shuffle: boolean;
  /** The number of the first batch wanted, from 0: where an interrupted pass goes on. */
  readonly first?: number;
  /** What to do with fewer than `batch` examples at the end; kept unless told. */
  readonly incomplete?: "keep" | "drop";
}

/** Arrays that the next batch overwrites: copy or upload them before asking for it. */
export interface ExampleBatch {
  /** 0-based number in the pass. */
  readonly number: number;
  readonly count: number;
  /** [count, ...inputShape]. */
  readonly inputs: Float32Array;
  /** Of these inputs; whole photographs differ in size from batch to batch. */
  readonly inputShape: ImageShape;
  /** [count] labels, or [count, ...targetShape]. */
  readonly targets: Int32Array | Float32Array;
  /** Of these targets; empty for labels. */
  readonly targetShape: readonly number[];
}
