import type * as OnnxRuntime from "onnxruntime-node";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { explainImportError } from "../backends/import-optional.ts";
import { joinExamples, sliceExamples } from "../integer/index.ts";
import type { HostTensor } from "../safetensors.ts";

/** Level of graph optimization in onnxruntime. */
export type OptimizationLevel = "disabled" | "basic" | "extended" | "all";

export const optimizationLevels: readonly OptimizationLevel[] = [
  "disabled",
  "basic",
  "extended",
  "all",
];

export interface OnnxRunOptions {
  /** Default `all`, which is onnxruntime's own. */
  readonly level?: OptimizationLevel;
  /** Examples per call, default 64. */
  readonly batch?: number;
  /** Default: onnxruntime's choice. */
  readonly threads?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** onnxruntime-node is not installed, or its native library does not load. */
export class OnnxRuntimeMissing extends Error {
  override readonly name = "OnnxRuntimeMissing";
  /** Which of both, a clause. */
  readonly reason: string;

  constructor(cause: unknown) {
    const reason = explainImportError(cause, packageName);
    const remedy = `Install it with \`npm install ${packageName}\``;
    super(`The exported file was not executed: ${reason}. ${remedy}.`, { cause });
    this.reason = reason;
  }
}

/** onnxruntime refused the file or failed while executing it. */
export class OnnxRunFailed extends Error {
  override readonly name = "OnnxRunFailed";

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`onnxruntime could not execute the model: ${reason}`, { cause });
  }
}

/**
 * Executes an ONNX file of {@link exportOnnx} in onnxruntime on the CPU.
 *
 * @param input NHWC or [batch, channels], as for the integer executor
 * @returns the output, NHWC or [batch, channels]
 * @throws OnnxRuntimeMissing when onnxruntime-node is not installed or does not load
 * @throws OnnxRunFailed when onnxruntime does not accept the file or the input
 */
export async function runOnnx(
  bytes: Uint8Array,
  input: HostTensor,
  options: OnnxRunOptions = {},
): Promise<HostTensor> {
  const runtime = await loadRuntime();
  try {
    const session = await runtime.InferenceSession.create(bytes, sessionOptions(options));
    try {
      const makeTensor = (data: Float32Array, shape: readonly number[]) =>
        new runtime.Tensor("float32", data, shape);
      return await runBatches(session, input, makeTensor, options);
    } finally {
      await session.release();
    }
  } catch (error) {
    throw new OnnxRunFailed(error);
  }
}

/** Why no file can be executed here, a clause; undefined where one can. */
export async function onnxRuntimeProblem(): Promise<string | undefined> {
  try {
    await loadRuntime();
    return undefined;
  } catch (error) {
    if (!(error instanceof OnnxRuntimeMissing)) throw error;
    return error.reason;
  }
}

/** A variable, for bundlers that would take Node's library into a page. */
const packageName: string = "onnxruntime-node";

async function loadRuntime() {
  try {
    return (await import(
      /* @vite-ignore */ /* webpackIgnore: true */ packageName
    )) as typeof OnnxRuntime;
  } catch (error) {
    // A missing package and a missing native library alike: the latter throws a plain Error.
    throw new OnnxRuntimeMissing(error);
  }
}

function sessionOptions({ level, threads }: OnnxRunOptions): InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: level ?? "all",
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    logSeverityLevel: 3,
  };
}

async function runBatches(
  session: InferenceSession,
  input: HostTensor,
  makeTensor: (data: Float32Array, shape: readonly number[]) => Tensor,
  { batch = 64, onProgress }: OnnxRunOptions,
): Promise<HostTensor> {
  const examples = input.shape[0] ?? 0;
  const [inputName = "", outputName = ""] = [session.inputNames[0], session.outputNames[0]];
  const parts: HostTensor[] = [];
  for (let start = 0; start < examples; start += batch) {
    const part = channelsFirst(sliceExamples(input, start, batch));
    const results = await session.run({ [inputName]: makeTensor(part.data, part.shape) });
    const { dims, data: numbers } = results[outputName] as Tensor;
    parts.push(channelsLast({ shape: dims, data: numbers as Float32Array }));
    onProgress?.(Math.min(start + batch, examples), examples);
  }
  return joinExamples(parts);
}

/** [batch, a, b] to [batch, b, a], for each example. */
function transpose(data: Float32Array, batch: number, a: number, b: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let n = 0; n < batch; n++) {
    const from = n * a * b;
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) result[from + j * a + i] = data[from + i * b + j] ?? 0;
    }
  }
  return result;
}

function channelsFirst(tensor: HostTensor): HostTensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = tensor.shape;
  if (tensor.shape.length !== 4) return { ...tensor, data: tensor.data.slice() };
  const data = transpose(tensor.data, batch, height * width, channels);
  return { shape: [batch, channels, height, width], data };
}

function channelsLast(tensor: HostTensor): HostTensor {
  const [batch = 0, channels = 0, height = 0, width = 0] = tensor.shape;
  if (tensor.shape.length !== 4) return tensor;
  const data = transpose(tensor.data, batch, channels, height * width);
  return { shape: [batch, height, width, channels], data };
}
