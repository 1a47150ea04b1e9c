import type { Program } from "../../compiler/ir/program.ts";
import { execute } from "../execute.ts";
import type { Call } from "../interpreter/index.ts";
import { tf } from "../tensors.ts";
import { takeFrom, type HostWeights } from "../weights.ts";

/** Training has left the finite numbers: what was the first to go, and what to do. */
export class Diverged extends Error {
  override readonly name = "Diverged";
  /** Steps taken before. */
  readonly step: number;
  /** The first weight or layer that is not finite, as `weight s1.kernel` or `conv %12`. */
  readonly where: string;

  constructor(step: number, epoch: number, where: string, rate: number) {
    super(
      `Training diverged in epoch ${epoch + 1}, after ${step} whole ${step === 1 ? "step" : "steps"}: ${where} is no longer finite. ` +
        `Begin anew with a lower learning rate (it was ${rate}) or a longer warm-up: ` +
        `going on from a checkpoint would take the same steps again.`,
    );
    this.step = step;
    this.where = where;
  }
}

/** The first weight outside the backend that is not finite, as `weight s1.kernel`. */
export function findWeightNotFinite(weights: HostWeights): string | undefined {
  for (const [path, { data }] of weights) {
    if (!data.every(Number.isFinite)) return `weight ${path}`;
  }
  return undefined;
}

/**
 * The first weight, or else the first result of the train graph, that is not finite.
 * @param draw the step's, see `ExecuteOptions`
 */
export async function findNotFinite(
  program: Program,
  weights: ReadonlyMap<string, tf.Tensor>,
  input: tf.Tensor,
  draw = 0,
): Promise<string> {
  const probes = program.weights.map(({ path }) => ({
    name: `weight ${path}`,
    sum: zeroIfFinite(weights.get(path)!),
  }));
  probes.push({ name: "the input", sum: zeroIfFinite(input) });
  const after = ({ label }: Call, results: readonly tf.Tensor[]) => {
    for (const result of results) probes.push({ name: label, sum: tf.keep(zeroIfFinite(result)) });
  };
  tf.tidy(() => {
    const options = { weights: takeFrom(weights), input, draw, watch: { after } };
    execute(program.train, { mode: "train", ...options });
  });
  let found: string | undefined;
  for (const { name, sum } of probes) {
    const [zero = Number.NaN] = await sum.data();
    sum.dispose();
    if (zero !== 0) found ??= name;
  }
  return found ?? "the loss";
}

/** 0 · x is 0 for finite x and NaN for all else, and a sum with NaN is NaN: no engine lacks these two operations. */
function zeroIfFinite(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.sum(tf.mul(x, 0)));
}
