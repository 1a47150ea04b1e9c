/** A GPUUncapturedErrorEvent: what no error scope was there for. */
export type UncapturedError = {
  readonly error: { readonly message: string };
  preventDefault?(): void;
};

/** The part of a GPUDevice that tells of it. */
export type TellsErrors = {
  addEventListener(type: "uncapturederror", listener: (event: UncapturedError) => void): void;
};

/** By its name: not everything that has WebGPU makes the classes of its errors global. */
export function isOutOfMemory({ error }: UncapturedError): boolean {
  return error.constructor.name === "GPUOutOfMemoryError";
}
