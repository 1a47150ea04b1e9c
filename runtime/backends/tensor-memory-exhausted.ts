import type { BackendName, MemoryUse } from "./backend.ts";

export interface Exhaustion {
  readonly backend: BackendName;
  /** Bytes of tensors that were alive. */
  readonly alive: number;
  /** Bytes that were asked for beyond these; 0 where the engine does not tell. */
  readonly wanted: number;
  /** Bytes that tensors may take together, */
  readonly limit: number;
  /** or that one tensor may have. */
  readonly isOfOne?: boolean;
  /** Counts them. */
  readonly memory: MemoryUse;
}

/** A step that was too large, and one that is not. */
export interface TriedBatch {
  /** Images of the step that failed. */
  readonly images: number;
  /** The largest power of two of images that fits; undefined where not even one image does. */
  readonly fitting: number | undefined;
}

/** Where memory did not suffice, and what helps there: clauses. */
interface Circumstance {
  readonly where: string;
  readonly remedy: string;
}

const anywhere: Circumstance = {
  where: "",
  remedy: "use a smaller batch (half of it needs about half the memory), or another backend",
};

/** More tensors are alive at once than an engine can hold. */
export class TensorMemoryExhausted extends Error {
  override readonly name = "TensorMemoryExhausted";
  readonly exhaustion: Exhaustion;
  /** What is full, a clause. */
  readonly reason: string;
  /** What to do, a clause. */
  readonly remedy: string;

  constructor(exhaustion: Exhaustion, { where, remedy }: Circumstance = anywhere) {
    const reason = `${where}${explain(exhaustion)}`;
    super(`The ${exhaustion.backend} backend is out of memory: ${reason}.\nTo go on: ${remedy}.`);
    this.exhaustion = exhaustion;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** The same, where a step on a batch was the cause. */
  inStep({ images, fitting }: TriedBatch): TensorMemoryExhausted {
    const remedy =
      fitting === undefined
        ? "use another backend: not even a batch of 1 fits into this one"
        : `use a batch of ${fitting} (\`batch: ${fitting}\` in the recipe), which fits, or another backend`;
    const where = `in a step on a batch of ${images} `;
    return new TensorMemoryExhausted(this.exhaustion, { where, remedy });
  }

  /** The same, where several batches together tell the first steps of quantizers. */
  inCalibration(batches: number): TensorMemoryExhausted {
    const where = `in the calibration with ${batches} batches together `;
    const remedy = "calibrate with fewer (`calibrate` in the recipe), or use another backend";
    return new TensorMemoryExhausted(this.exhaustion, { where, remedy });
  }
}

function explain({ alive, wanted, limit, isOfOne }: Exhaustion): string {
  const [has, asks, holds] = [alive, wanted, limit].map(writeBytes);
  if (isOfOne) return `a tensor of ${asks} was asked for, and one may have ${holds}`;
  if (wanted === 0) return `tensors of ${has} are alive, and the work needs more than there is`;
  return `tensors of ${has} are alive, ${asks} more were asked for, and it holds ${holds}`;
}

function writeBytes(bytes: number): string {
  const [size, unit] = bytes < 2 ** 28 ? [2 ** 20, "MiB"] : [2 ** 30, "GiB"];
  return `${(bytes / size).toFixed(2)} ${unit}`;
}
