import { tf } from "../../tensors.ts";

/** What tfjs-node's engine has beyond an engine of TensorFlow.js; written down here because its package need not be installed. */
type NativeEngine = {
  /** Whether TensorFlow found a GPU, on which it then puts every operation it can. */
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    /** TensorFlow's own version, not that of the package. */
    readonly TF_Version: string;
    readonly TF_FLOAT: number;
    readonly TF_ATTR_TYPE: number;
  };
  /** Runs one operation of TensorFlow by its name. */
  executeSingleOutput(
    operation: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
};

/** The engine, once it is the current one. */
export function nativeEngine(): NativeEngine {
  return tf.backend() as unknown as NativeEngine;
}

/** Runs an operation of TensorFlow whose operands and one result are float32. */
export function runOnFloats(operation: string, inputs: readonly tf.TensorInfo[]): tf.Tensor {
  const engine = nativeEngine();
  const { TF_ATTR_TYPE, TF_FLOAT } = engine.binding;
  const type = { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT };
  return engine.executeSingleOutput(operation, [type], inputs);
}
