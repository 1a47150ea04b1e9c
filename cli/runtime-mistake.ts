import type { Diagnostic } from "../compiler/diagnostics/index.ts";
import { diagnostic } from "../compiler/diagnostics/index.ts";
import {
  BackendUnavailable,
  DeviceFailed,
  TensorMemoryExhausted,
} from "../runtime/backends/index.ts";
import { OnnxRuntimeMissing } from "../runtime/export/index.ts";
import {
  CorruptFile,
  FileProblem,
  MissingFile,
  UnfitFile,
  UnwritableFile,
} from "../runtime/files.ts";
import { InvalidStep, NoIntegerForm, WrongTensor } from "../runtime/integer/index.ts";
import { Diverged } from "../runtime/train/index.ts";
import { noIntegerForm } from "./no-integer-form.ts";
import { UserMistake } from "./user-mistake.ts";

/**
 * Does the work, and turns what the runtime says of the user's files and machine into diagnostics.
 * @throws UserMistake, or the error itself where it is our bug
 */
export async function withRuntimeMistakes<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw mistakeOf(error) ?? error;
  }
}

function mistakeOf(error: unknown): UserMistake | undefined {
  if (error instanceof FileProblem) return new UserMistake(fileMistake(error));
  if (error instanceof BackendUnavailable) return new UserMistake(backendMistake(error));
  if (error instanceof NoIntegerForm) return new UserMistake(noIntegerForm(error));
  if (error instanceof InvalidStep) {
    return new UserMistake(diagnostic("quant/invalid-step", undefined, { path: error.path }));
  }
  if (error instanceof WrongTensor) {
    const { path } = error;
    const problem = error.message.replace(`${path} `, "").replace(/\.$/, "");
    return new UserMistake(diagnostic("artefact/wrong-tensor", undefined, { path, problem }));
  }
  if (error instanceof TensorMemoryExhausted) {
    const { exhaustion, reason, remedy } = error;
    const parameters = { backend: exhaustion.backend, reason, remedy };
    return new UserMistake(diagnostic("config/out-of-memory", undefined, parameters));
  }
  if (error instanceof DeviceFailed) {
    const { reason, help: remedy } = error;
    return new UserMistake(diagnostic("config/device-failed", undefined, { reason, remedy }));
  }
  if (error instanceof OnnxRuntimeMissing) {
    const parameters = { backend: "onnxruntime-node", reason: error.reason };
    const help = "install it with `npm install onnxruntime-node`";
    return new UserMistake(diagnostic("config/backend-missing", undefined, parameters, { help }));
  }
  if (error instanceof Diverged) {
    const { where, step } = error;
    const steps = `${step} ${step === 1 ? "step" : "steps"}`;
    return new UserMistake(diagnostic("config/diverged", undefined, { where, steps }));
  }
  return undefined;
}

function fileMistake(error: FileProblem): Diagnostic {
  const { file, problem } = error;
  const help = asClause(error.help);
  if (error instanceof CorruptFile) {
    return diagnostic("artefact/corrupt", undefined, { file, problem: `it ${problem}` }, { help });
  }
  if (error instanceof UnfitFile) {
    const parameters = { data: file, what: "the model", problem: `it ${problem}`, hint: help };
    return diagnostic("config/data-mismatch", undefined, parameters);
  }
  const isAbsent = error instanceof MissingFile && problem.startsWith("is not there");
  if (isAbsent) {
    return diagnostic("artefact/missing-file", undefined, { file }, { help });
  }
  const code = error instanceof UnwritableFile ? "artefact/unwritable" : "artefact/unreadable";
  const [, clause] = /^cannot be (?:read|written): (.*)$/.exec(problem) ?? [];
  const reason = clause ?? `it ${problem}`;
  return diagnostic(code, undefined, { file, reason }, { help });
}

/** A sentence as the help of a diagnostic: in lower case, without full stop. */
function asClause(sentence: string): string {
  return (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(/\.$/, "");
}

function backendMistake({ backend, reason, remedies }: BackendUnavailable): Diagnostic {
  const help = remedies.join(" ").replace(/\.$/, "");
  return diagnostic("config/backend-missing", undefined, { backend, reason }, { help });
}

/** `[3, 3, 16, 16]`. */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}
