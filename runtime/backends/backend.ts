/** A TensorFlow.js engine that has been started and made the current one. */
export type Backend = {
  readonly name: BackendName;
  /** How many threads convolutions and matrix products run on; 1 where the engine does not tell. */
  readonly threads: number;
  /** One line for people: the engine, its version, what it runs on. */
  describe(): string;
};

export type BackendName = "wasm" | "cpu" | "tensorflow" | "webgpu";

export type BackendOptions = {
  /** Wanted number of threads, for engines that let one choose (wasm). Default: one per core. */
  readonly threads?: number;
};

/** Starts one engine; throws `BackendUnavailable` where it cannot. */
export type OpenBackend = (options: BackendOptions) => Promise<Backend>;
