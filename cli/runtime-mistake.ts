import type { Diagnostic } from "../compiler/diagnostics/index.ts";
import { diagnostic } from "../compiler/diagnostics/index.ts";
import { BackendUnavailable, TensorMemoryExhausted } from "../runtime/backends/index.ts";
import { UnfitWeights, type WeightProblem } from "../runtime/check-weights.ts";
import { OnnxRuntimeMissing } from "../runtime/export/index.ts";
import { CorruptFile, FileProblem } from "../runtime/files.ts";
import { NoIntegerForm } from "../runtime/integer/index.ts";
import { Diverged } from "../runtime/train/index.ts";
import { UserMistake } from "./user-mistake.ts";

/** More weights than these are not listed one by one. */
const mostShown = 8;

/**
 * Does the work, and turns what the runtime says of the user's files and machine into diagnostics.
 * @param entry what the weights belong to, for messages
 * @throws UserMistake, or the error itself where it is our bug
 */
export async function withRuntimeMistakes<T>(entry: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw mistakeOf(error, entry) ?? error;
  }
}

function mistakeOf(error: unknown, entry: string): UserMistake | undefined {
  if (error instanceof UnfitWeights) {
    const { file, problems } = error;
    const shown = problems.slice(0, mostShown).map((one) => weightMistake(one, file, entry));
    return new UserMistake(...shown);
  }
  if (error instanceof CorruptFile) return new UserMistake(corrupt(error));
  if (error instanceof FileProblem) {
    const { file, problem, help } = error;
    const parameters = { file, reason: problem };
    return new UserMistake(diagnostic("artefact/unreadable", undefined, parameters, { help }));
  }
  if (error instanceof BackendUnavailable) return new UserMistake(backendMistake(error));
  if (error instanceof NoIntegerForm) {
    const { op, path, operands } = error;
    const reason = `${operands.join(" and ")} ${operands.length > 1 ? "are" : "is"} not quantized`;
    return new UserMistake(diagnostic("quant/no-integer-form", undefined, { op, path, reason }));
  }
  if (error instanceof TensorMemoryExhausted) {
    const [reason = "", help = ""] = error.message.split("\n");
    const parameters = { backend: "wasm", reason: reason.replace(/^.*?out of memory: |\.$/g, "") };
    return new UserMistake(diagnostic("config/backend-missing", undefined, parameters, { help }));
  }
  if (error instanceof OnnxRuntimeMissing) {
    const parameters = { backend: "onnxruntime-node", reason: "it is not installed" };
    const help = "install it with `npm install onnxruntime-node`";
    return new UserMistake(diagnostic("config/backend-missing", undefined, parameters, { help }));
  }
  if (error instanceof Diverged) {
    const { where, step } = error;
    return new UserMistake(diagnostic("config/diverged", undefined, { where, step }));
  }
  return undefined;
}

function corrupt({ file, problem, help }: CorruptFile): Diagnostic {
  return diagnostic("artefact/corrupt", undefined, { file, problem: `it ${problem}` }, { help });
}

function weightMistake(problem: WeightProblem, file: string, model: string): Diagnostic {
  const { kind, path: name, closest: suggestion, expected = [], found = [] } = problem;
  switch (kind) {
    case "missing":
      return diagnostic("artefact/missing-weight", undefined, { file, name, suggestion });
    case "unexpected":
      return diagnostic("artefact/unexpected-weight", undefined, { file, name, model, suggestion });
    case "shape": {
      const shapes = { found: shapeText(found), expected: shapeText(expected) };
      return diagnostic("artefact/wrong-shape", undefined, { file, name, ...shapes });
    }
    case "value":
      return diagnostic("artefact/corrupt", undefined, { file, problem: problem.text });
  }
}

function backendMistake({ backend, reason, remedies }: BackendUnavailable): Diagnostic {
  const help = remedies.join(" ").replace(/\.$/, "");
  return diagnostic("config/backend-missing", undefined, { backend, reason }, { help });
}

/** `[3, 3, 16, 16]`. */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}
