/** A TensorFlow.js engine that has been started and made the current one. */
export type Backend = {
  readonly name: BackendName;
  /** How many threads convolutions and matrix products run on; 1 where the engine does not tell. */
  readonly threads: number;
  /** What computes; `auto` prefers hardware. A software GPU is a CPU that pretends. */
  readonly device: "cpu" | "gpu" | "software gpu";
  /**
   * Largest error of a primitive's value or gradient against float64 arithmetic, relative to the largest number of the result (at least 1),
   * that the tests of this engine allow.
   */
  readonly tolerance: number;
  /** Bytes that tensors really take, where the engine can tell (wasm, webgpu). */
  readonly memory?: MemoryUse;
  /** Why `auto` took this one, as `chosen by auto: ...`; absent where it was asked for by name. */
  readonly choice?: string;
  /** One line for people: the engine, its version, what it runs on. */
  describe(): string;
};

/** `tf.memory()` counts every view of the same data again; this counts data. */
export type MemoryUse = {
  /** Bytes taken now. */
  alive(): number;
  /** The most that was taken since the last call of this function. */
  takePeak(): number;
  /** Bytes that the engine holds of the machine's for tensors and all else, where it can tell (wasm, which gives none back). */
  reserved?(): number;
};

export type BackendName = "wasm" | "cpu" | "tensorflow" | "webgpu";

export type BackendOptions = {
  /** Wanted number of threads, for engines that let one choose (wasm). Default: one per core. */
  readonly threads?: number;
  /**
   * In a page, where the .wasm files of @tensorflow/tfjs-backend-wasm are: an address that ends in "/". Default: beside the page's script.
   * It counts when that engine is first started.
   */
  readonly wasmFiles?: string;
};

/** Starts one engine; throws `BackendUnavailable` where it cannot. */
export type OpenBackend = (options: BackendOptions) => Promise<Backend>;
