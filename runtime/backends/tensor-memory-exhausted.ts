import type { BackendName, MemoryUse } from "./backend.ts";

export interface Exhaustion {
  readonly backend: BackendName;
  /** Bytes of tensors that were alive. */
  readonly alive: number;
  /** Bytes that were asked for beyond these. */
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

/** More tensors are alive at once than an engine can hold. */
export class TensorMemoryExhausted extends Error {
  override readonly name = "TensorMemoryExhausted";
  readonly exhaustion: Exhaustion;
  /** What is full, a clause. */
  readonly reason: string;
  /** What to do, a clause. */
  readonly remedy: string;

  constructor(exhaustion: Exhaustion, batch?: TriedBatch) {
    const reason = explain(exhaustion, batch);
    const remedy = advise(batch);
    super(`The ${exhaustion.backend} backend is out of memory: ${reason}.\nTo go on: ${remedy}.`);
    this.exhaustion = exhaustion;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** The same, where a step on a batch was the cause. */
  inStep(batch: TriedBatch): TensorMemoryExhausted {
    return new TensorMemoryExhausted(this.exhaustion, batch);
  }
}

function explain(exhaustion: Exhaustion, batch: TriedBatch | undefined): string {
  const { alive, wanted, limit, isOfOne } = exhaustion;
  const step = batch ? `in a step on a batch of ${batch.images} ` : "";
  const [has, asks, holds] = [alive, wanted, limit].map(writeBytes);
  if (isOfOne) return `${step}a tensor of ${asks} was asked for, and one may have ${holds}`;
  return `${step}tensors of ${has} are alive, ${asks} more were asked for, and it holds ${holds}`;
}

function advise(batch: TriedBatch | undefined): string {
  if (batch === undefined) {
    return "use a smaller batch (half of it needs about half the memory), or another backend";
  }
  const { fitting } = batch;
  return fitting === undefined
    ? "use another backend: not even a batch of 1 fits into this one"
    : `use a batch of ${fitting} (\`batch: ${fitting}\` in the recipe), which fits, or another backend`;
}

function writeBytes(bytes: number): string {
  const [size, unit] = bytes < 2 ** 28 ? [2 ** 20, "MiB"] : [2 ** 30, "GiB"];
  return `${(bytes / size).toFixed(2)} ${unit}`;
}
