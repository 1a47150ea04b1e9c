import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../../tensors.ts";

/**
 * Slice of a contiguous run, or of runs, without the copy of the whole input that the engine's kernel makes
 * first. Slices that cut the last axis stay with the engine's kernel.
 */
export function registerDirectSlice(): void {
  const original = tf.getKernel("Slice", "wasm");
  tf.unregisterKernel("Slice", "wasm");
  tf.registerKernel({
    ...original,
    kernelFunc: (parameters) => {
      const x = parameters.inputs["x"]!;
      const { begin, size } = parameters.attrs as { begin: number | number[]; size: number[] };
      const [from = [], extent = []] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size);
      const keepsChannels = x.shape.length > 1 && extent.at(-1) === x.shape.at(-1);
      if (x.dtype === "string" || !keepsChannels) return original.kernelFunc(parameters);
      return copyRuns(parameters.backend as BackendWasm, x, from, extent);
    },
  });
}

function copyRuns(engine: BackendWasm, x: tf.TensorInfo, from: number[], extent: number[]) {
  const out = engine.makeOutput(extent, x.dtype);
  const source = engine.typedArrayFromHeap(x);
  const target = engine.typedArrayFromHeap(out);
  const strides = tf.util.computeStrides(x.shape);
  let written = 0;
  const copy = (axis: number, offset: number): void => {
    const begin = offset + from[axis]! * strides[axis]!;
    const isRun = extent.slice(axis + 1).every((n, i) => n === x.shape[axis + 1 + i]);
    if (isRun) {
      const length = extent[axis]! * strides[axis]!;
      target.set(source.subarray(begin, begin + length), written);
      written += length;
      return;
    }
    for (let i = 0; i < extent[axis]!; i++) copy(axis + 1, begin + i * strides[axis]!);
  };
  if (target.length > 0) copy(0, 0);
  return out;
}
