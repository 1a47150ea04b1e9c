/** What one cell came to. */
export interface CellVerdict {
  /** First the reference, which nothing is held against. */
  readonly rows: readonly EngineVerdict[];
  /** Absent where what was trained was merged already. */
  readonly merging?: MergingVerdict;
  readonly sums: SumsSummary;
  readonly bytes: FileBytes;
  /** As `repqc verify` would end. */
  readonly isVerified: boolean;
}

/** One engine's outputs against those of the training graph in mode eval. */
export interface EngineVerdict {
  readonly engine: string;
  readonly compared: number;
  readonly differing: number;
  /** Of the differing values, those that `repqc verify` explains. */
  readonly explained: number;
  /** Largest absolute difference. */
  readonly largest: number;
  /** PSNR-Y in decibels, of enlargers: the mean over the images. */
  readonly psnr?: number;
  /** Why it has not run, or broke off; a clause. */
  readonly problem?: string;
}

/** Merged convolutions against the branches, both in floating point. */
export interface MergingVerdict {
  readonly compared: number;
  /** Values that differ by more than what is allowed. */
  readonly beyond: number;
  /** Largest difference relative to the terms of its output, and the largest that is allowed. */
  readonly largestOfTerms: number;
  readonly tolerance: number;
}

/** What the sums of all convolutions and means did. */
export interface SumsSummary {
  readonly count: number;
  /** Largest |sum| met. */
  readonly largest: number;
  /** Largest |partial sum| that some input could cause. */
  readonly bound: number;
  /** Sums beyond 2^24 that were met. */
  readonly beyondFloat: number;
  /** Quantized activations exactly on a rounding tie. */
  readonly ties: number;
}

/** Sizes of the written files. */
export interface FileBytes {
  readonly onnx: number;
  /** The same network in floating point. */
  readonly float: number;
}
