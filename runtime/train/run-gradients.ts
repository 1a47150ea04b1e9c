import type { Program } from "../../compiler/ir/program.ts";
import type { HostTensor } from "../safetensors.ts";
import { tf } from "../tensors.ts";
import { disposeAll, toHostWeights, toTensors, type HostWeights } from "../weights.ts";
import { differentiate } from "./differentiate.ts";

export interface Gradients {
  /** Of the train graph in mode `train`, [B, ...]. */
  readonly output: HostTensor;
  /** Running statistics after this step, by path. */
  readonly updates: HostWeights;
  /** Gradients of sum(output * probe), by weight path; every weight but the statistics. Zeros where it does not matter. */
  readonly weights: HostWeights;
  /** Gradient of the same by the input. */
  readonly input: HostTensor;
}

const inputName = "input";
const outputName = "output";

/** One training step's forward and backward pass, for comparison with other frameworks. Probe [B, ...] as the output. */
export async function runGradients(
  program: Program,
  weights: HostWeights,
  input: HostTensor,
  probe: HostTensor,
): Promise<Gradients> {
  const tensors = toTensors(weights);
  const given = toTensors(new Map([[inputName, input], ["probe", probe]])); // prettier-ignore
  const by = program.weights.filter(({ role }) => role !== "statistic").map(({ path }) => path);
  const derivative = differentiate(program, {
    weights: tensors,
    input: given.get(inputName)!,
    by,
    // No weight has this name, because a path never begins with a dot.
    inputName: `.${inputName}`,
    probe: given.get("probe")!,
  });
  const all = new Map([...derivative.gradients, [`.${outputName}`, derivative.output]]);
  const host = await toHostWeights(all);
  const updates = await toHostWeights(derivative.updates);
  for (const owned of [tensors, given, all, derivative.updates]) disposeAll(owned);
  tf.dispose(derivative.value);
  const gradientOf = (path: string) => host.get(path) ?? zerosLike(weights.get(path) ?? input);
  return {
    output: host.get(`.${outputName}`)!,
    updates,
    weights: new Map(by.map((path) => [path, gradientOf(path)])),
    input: gradientOf(`.${inputName}`),
  };
}

function zerosLike({ shape, data }: HostTensor): HostTensor {
  return { shape, data: new Float32Array(data.length) };
}
