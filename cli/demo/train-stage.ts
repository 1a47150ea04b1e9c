import type { Program } from "../../compiler/ir/index.ts";
import { classificationExamples } from "../../runtime/data/index.ts";
import { MissingFile } from "../../runtime/files.ts";
import { writeSafetensors } from "../../runtime/safetensors.ts";
import { loadCheckpoint, type Checkpoint } from "../../runtime/train/checkpoint.ts";
import { hashProgram, train } from "../../runtime/train/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { programTexts } from "../program-texts.ts";
import { runtimeRecipe } from "../../runtime/runtime-recipe.ts";
import type { DemoPlan } from "./plan.ts";
import type { DemoWorld } from "./world.ts";

/** The user asked to stop; everything up to the last step is in a checkpoint. */
export class Stopped extends Error {}

/** Trains one program, or goes on where an earlier run stopped; leaves weights and program as files. */
export async function trainStage(
  name: string,
  { recipe }: DemoPlan,
  program: Program,
  weights: HostWeights,
  world: DemoWorld,
): Promise<HostWeights> {
  const checkpoints = { ...world.checkpoints, name: `${fileName(name)}-${world.training.size}` };
  const resume = world.isResuming ? await findCheckpoint(program, checkpoints) : undefined;
  const stage = world.begin(`train ${name}`);
  const result = await train({
    program,
    recipe: runtimeRecipe(recipe, program.policy === undefined ? "float" : "quantized", world.seed),
    trainingData: classificationExamples(world.training),
    weights,
    checkpoints,
    signal: world.signal,
    ...(resume && { resume }),
    onProgress: ({ step, steps, loss, secondsLeft }) =>
      stage.update(step, steps, `loss ${loss.toFixed(3)}, ${Math.ceil(secondsLeft ?? 0)} s left`),
  });
  const last = result.history.at(-1);
  stage.end(result.finished ? `loss ${last?.loss.toFixed(3) ?? "?"} in the last epoch` : "stopped");
  if (!result.finished) throw new Stopped();
  await writeResults(name, program, result.weights, world);
  return result.weights;
}

async function writeResults(
  name: string,
  program: Program,
  weights: HostWeights,
  world: DemoWorld,
): Promise<void> {
  world.write(`${fileName(name)}.safetensors`, writeSafetensors(weights));
  const { json, typescript } = await programTexts(program, "repqc demo");
  world.write(`${fileName(name)}.json`, json);
  world.write(`${fileName(name)}.ts`, typescript);
}

/** Nothing where no earlier run came so far. */
async function findCheckpoint(
  program: Program,
  { host, folder, name }: DemoWorld["checkpoints"] & { readonly name: string },
): Promise<Checkpoint | undefined> {
  try {
    return await loadCheckpoint(host, folder, name, await hashProgram(program));
  } catch (error) {
    if (error instanceof MissingFile) return undefined;
    throw error;
  }
}

/** `floating point` as a part of a file's name. */
export function fileName(name: string): string {
  return name.toLowerCase().replaceAll(" ", "-");
}
