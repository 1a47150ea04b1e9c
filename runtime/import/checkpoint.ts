/** One tensor of a checkpoint, in the checkpoint's own layout (PyTorch's: kernels OIHW). */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  /** Counts things, as `num_batches_tracked` does; no weight is of whole numbers. */
  readonly isInteger: boolean;
  /**
   * Its numbers, row-major, as float32.
   * @throws CorruptFile, ForeignFile (a number format that is not read)
   */
  read(): Promise<Float32Array>;
}

export interface Checkpoint {
  /** By the names of the checkpoint, without a `module.` that all of them begin with. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Which of several dictionaries in the file was taken; nothing where the file is one. */
  readonly part?: string;
}
