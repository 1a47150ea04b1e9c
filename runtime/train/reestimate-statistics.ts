import type { Graph, Instruction } from "../../compiler/ir/graph.ts";
import type { Program } from "../../compiler/ir/program.ts";
import type { Examples } from "../data/index.ts";
import { execute } from "../execute.ts";
import type { Random } from "../random.ts";
import { takeTurns } from "../take-turns.ts";
import { tf } from "../tensors.ts";
import { disposeAll, takeFrom } from "../weights.ts";

/** A normalization's running weights. */
interface Measured {
  readonly mean: string;
  readonly variance: string;
}

/** How to measure, and whom to tell. */
export interface Reestimation {
  readonly batch: number;
  readonly random: Random;
  /** Stops after the present batch. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with how many there have been. */
  readonly onBatch?: ((batches: number) => void) | undefined;
}

/** Modes whose statistics are of the batch, so that running ones do not reach the output. */
const ofBatch: ReadonlySet<unknown> = new Set([undefined, "batch", "sampled", "estimated"]);

/**
 * Running statistics measured anew, over one whole pass and with the weights as they are: while training they only follow weights that move
 * (RUPQ re-estimates so before its final merge). Mean of the batches' means; variance of all numbers together, from the batches' variances and
 * means. Statistics that the program takes from elsewhere stay.
 * @returns new tensors by path, the caller's to dispose
 * @throws the signal's reason
 */
export async function reestimateStatistics(
  program: Program,
  weights: ReadonlyMap<string, tf.Tensor>,
  examples: Examples,
  { batch, random, signal, onBatch }: Reestimation,
): Promise<Map<string, tf.Tensor>> {
  const graph = withoutMemory(program.train);
  const measured = findMeasured(graph.instructions);
  // From zero and with a momentum of 1, one update is the batch's statistic.
  const zeros = new Map(
    measured.flatMap(({ mean, variance }) =>
      [mean, variance].map((path) => [path, tf.zerosLike(required(weights, path))] as const),
    ),
  );
  const take = (path: string) => zeros.get(path) ?? takeFrom(weights)(path);
  const sums = new Map<string, tf.Tensor>();
  const yieldTurn = takeTurns();
  let batches = 0;
  const pass = { batch, random, shuffle: true, incomplete: "drop" } as const;
  try {
    for await (const { inputs, inputShape, count } of examples.pass(pass)) {
      signal?.throwIfAborted();
      const input = tf.tensor(inputs, [count, ...inputShape]);
      const draw = random.fork(`draw ${batches}`).integer();
      const { outputs, updates } = execute(graph, { mode: "train", weights: take, input, draw });
      for (const one of measured) addBatch(sums, updates, one);
      batches += 1;
      tf.dispose([input, ...Object.values(outputs), ...updates.values()]);
      onBatch?.(batches);
      await yieldTurn();
    }
    return new Map(measured.flatMap((one) => summarize(sums, one, batches)));
  } finally {
    disposeAll(zeros);
    disposeAll(sums);
  }
}

/** The same graph, its running statistics those of the last batch alone. */
function withoutMemory({ instructions, outputs }: Graph): Graph {
  const changed = instructions.map((one) =>
    measures(one) ? { ...one, attributes: { ...one.attributes, momentum: 1 } } : one,
  );
  return { instructions: changed, outputs };
}

function measures({ op, attributes }: Instruction): boolean {
  return (op === "statistics" || op === "batch_norm") && ofBatch.has(attributes["mode"]);
}

function findMeasured(instructions: readonly Instruction[]): readonly Measured[] {
  const makers = new Map(instructions.flatMap((one) => one.results.map((id) => [id, one])));
  const pathOf = (id: string | undefined) =>
    String(id === undefined ? "" : makers.get(id)?.attributes["path"]);
  return instructions.flatMap((one) => {
    if (!measures(one)) return [];
    const { args } = one;
    return { mean: pathOf(args.at(-2)), variance: pathOf(args.at(-1)) };
  });
}

function required(weights: ReadonlyMap<string, tf.Tensor>, path: string): tf.Tensor {
  return takeFrom(weights)(path);
}

/** Sums of means, of their squares and of variances. */
function addBatch(
  sums: Map<string, tf.Tensor>,
  updates: ReadonlyMap<string, tf.Tensor>,
  { mean, variance }: Measured,
): void {
  const [batchMean, batchVariance] = [mean, variance].map((path) =>
    tf.clone(required(updates, path)),
  );
  addTo(sums, `${mean} squared`, tf.square(batchMean!));
  addTo(sums, mean, batchMean!);
  addTo(sums, variance, batchVariance!);
}

function addTo(sums: Map<string, tf.Tensor>, name: string, term: tf.Tensor): void {
  const before = sums.get(name);
  sums.set(name, before ? tf.add(before, term) : term);
  if (before) tf.dispose([before, term]);
}

function summarize(
  sums: ReadonlyMap<string, tf.Tensor>,
  { mean, variance }: Measured,
  batches: number,
): readonly (readonly [string, tf.Tensor])[] {
  if (batches === 0) return [];
  const [means, squares, variances] = [mean, `${mean} squared`, variance].map((name) =>
    required(sums, name),
  );
  const average = tf.div(means!, batches);
  const total = tf.tidy(() => {
    const between = tf.sub(tf.div(squares!, batches), tf.square(average));
    return tf.add(tf.div(variances!, batches), tf.maximum(between, 0));
  });
  return [
    [mean, average],
    [variance, total],
  ];
}
