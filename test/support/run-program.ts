import type { ArrayMap } from "../../compiler/algebra/array-maps.ts";
import type { Graph, Program } from "../../compiler/ir/index.ts";
import { execute } from "../../runtime/execute.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { disposeAll, takeFrom, toHostWeights, toTensors } from "../../runtime/weights.ts";

/** Float64 weights of a test as the runtime takes them. */
export function hostWeights(
  program: Pick<Program, "weights">,
  weights: ReadonlyMap<string, Float64Array>,
): Map<string, HostTensor> {
  return new Map(
    program.weights.map(({ path, shape }) => {
      const numbers = weights.get(path);
      if (!numbers) throw new Error(`The test drew no weight \`${path}\``);
      return [path, { shape, data: Float32Array.from(numbers) }];
    }),
  );
}

export function hostMap({ batch, height, width, channels, data }: ArrayMap): HostTensor {
  return { shape: [batch, height, width, channels], data: Float32Array.from(data) };
}

/** Outputs and, in mode `train`, updated statistics of one execution on the current backend. */
export async function runGraph(
  graph: Graph,
  mode: "train" | "eval",
  weights: ReadonlyMap<string, HostTensor>,
  input?: HostTensor,
): Promise<{
  readonly outputs: ReadonlyMap<string, HostTensor>;
  readonly updates: ReadonlyMap<string, HostTensor>;
}> {
  const tensors = toTensors(weights);
  const given = toTensors(new Map(input ? [["input", input]] : []));
  const fed = given.get("input");
  const { outputs, updates } = execute(graph, {
    mode,
    weights: takeFrom(tensors),
    ...(fed && { input: fed }),
  });
  const named = new Map(Object.entries(outputs));
  const host = { outputs: await toHostWeights(named), updates: await toHostWeights(updates) };
  for (const owned of [tensors, given, named, updates]) disposeAll(owned);
  return host;
}

/** The output of the train graph. */
export async function runTrainGraph(
  { train }: Program,
  mode: "train" | "eval",
  weights: ReadonlyMap<string, HostTensor>,
  input: HostTensor,
): Promise<HostTensor> {
  return (await runGraph(train, mode, weights, input)).outputs.get("output")!;
}

/** Merges, then runs what would be deployed. */
export async function runDeployed(
  program: Program,
  weights: ReadonlyMap<string, HostTensor>,
  input: HostTensor,
): Promise<{ readonly merged: ReadonlyMap<string, HostTensor>; readonly output: HostTensor }> {
  const merged = (await runGraph(program.merge, "eval", weights)).outputs;
  const { outputs } = await runGraph(program.deploy, "eval", merged, input);
  return { merged, output: outputs.get("output")! };
}
