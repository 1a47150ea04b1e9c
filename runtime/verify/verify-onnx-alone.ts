import { optimizationLevels, runOnnx, OnnxRunFailed } from "../export/index.ts";
import type { HostTensor } from "../safetensors.ts";
import type { DoubtBook } from "./doubt-book.ts";
import { batchFor } from "./engines/run-graph.ts";
import { isSound } from "./is-sound.ts";
import { BitJudge } from "./judge-bits.ts";
import type { Verification, VerificationRow } from "./verification.ts";

/** Of a file alone nothing is known that could be in doubt. */
const nothingInDoubt: DoubtBook = {
  steps: Float64Array.of(NaN),
  open: () => {
    const none = { shape: [0], data: new Float32Array() };
    return {
      bounds: { low: none, high: none, doubtOf: () => undefined },
      isByOneRule: () => false,
    };
  },
};

/**
 * Compares a quantized file's outputs at each of onnxruntime's optimization levels with those at level `disabled`, which executes it as it is
 * written. Whether that is what was trained, it cannot tell.
 *
 * @throws OnnxRunFailed when onnxruntime does not accept the file, OnnxRuntimeMissing
 */
export async function verifyOnnxAlone(bytes: Uint8Array, input: HostTensor): Promise<Verification> {
  const batch = batchFor(input);
  const [plain, ...optimized] = optimizationLevels;
  const expected = await runOnnx(bytes, input, { level: plain!, batch });
  const rows: VerificationRow[] = [];
  for (const level of optimized) {
    const name = `onnxruntime, ${level}`;
    const against = `onnxruntime, ${plain}`;
    rows.push({ name, against, found: await verdictOf(level) });
  }
  const [examples = 0] = input.shape;
  return { examples, outputs: expected.data.length, rows, isVerified: isSound(examples, rows) };

  async function verdictOf(
    level: (typeof optimizationLevels)[number],
  ): Promise<VerificationRow["found"]> {
    try {
      const judge = new BitJudge(nothingInDoubt);
      const found = await runOnnx(bytes, input, { level, batch });
      await judge.compare({ input, first: 0 }, expected, found);
      return judge.verdict();
    } catch (error) {
      if (!(error instanceof OnnxRunFailed)) throw error;
      return { kind: "failed", reason: error.message };
    }
  }
}
