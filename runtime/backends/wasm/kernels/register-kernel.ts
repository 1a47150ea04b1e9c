import { tf } from "../../../tensors.ts";

/** What a kernel gets: its input tensors by name, and its attributes. */
export type KernelCall = {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly attributes: Readonly<Record<string, unknown>>;
};

/** Registers a kernel that the wasm engine lacks, or replaces one, by a composition of kernels it has. */
export function registerKernel(name: string, compute: (call: KernelCall) => tf.Tensor): void {
  if (tf.getKernel(name, "wasm") !== undefined) tf.unregisterKernel(name, "wasm");
  tf.registerKernel({
    kernelName: name,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(readCall(inputs, attrs))),
  });
}

/** The engine's own kernels, as they were before the first one was replaced: opening the backend again must not wrap a wrapper. */
const originals = new Map<string, tf.KernelConfig>();

export function originalKernel(name: string): tf.KernelConfig {
  const original = originals.get(name) ?? tf.getKernel(name, "wasm");
  originals.set(name, original);
  return original;
}

/** Puts a faster way before the engine's own kernel, which still does what the faster way returns undefined for. */
export function preferKernel(
  name: string,
  compute: (call: KernelCall) => tf.Tensor | undefined,
): void {
  const original = originalKernel(name);
  tf.unregisterKernel(name, "wasm");
  tf.registerKernel({
    ...original,
    kernelFunc: (parameters) => {
      const { inputs, attrs } = parameters;
      return tf.tidy(() => compute(readCall(inputs, attrs))!) ?? original.kernelFunc(parameters);
    },
  });
}

function readCall(inputs: tf.NamedTensorInfoMap, attributes: object | undefined): KernelCall {
  return {
    inputs: inputs as unknown as KernelCall["inputs"],
    attributes: (attributes ?? {}) as KernelCall["attributes"],
  };
}
