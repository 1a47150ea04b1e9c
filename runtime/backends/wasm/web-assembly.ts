/** The part of WebAssembly's JavaScript interface we use; its types come with browsers' types only. */

/** A memory that several threads share. */
export type SharedMemory = { readonly buffer: ArrayBufferLike };

/** Compiled code, which can be sent to other threads. */
export type CompiledModule = object;

type Interface = {
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Instance: new (
    module: CompiledModule,
    imports: Readonly<Record<string, Readonly<Record<string, SharedMemory>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

export const webAssembly = (globalThis as unknown as { WebAssembly: Interface }).WebAssembly;
