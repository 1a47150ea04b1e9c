import { compileRecipe } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { demoSpec } from "../../cli/demo/plan.ts";
import { createHost } from "../../cli/host.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { runtimeRecipe } from "../../runtime/runtime-recipe.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { batches, classificationExamples, type Dataset } from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { train } from "../../runtime/train/index.ts";
import { initialWeights, type HostWeights } from "../../runtime/weights.ts";
import { readClothes } from "../results/classify.ts";
import { once } from "../results/once.ts";
import { usualSettings } from "../results/settings.ts";
import { CellStopped, type TrainingPlace } from "../results/train-cell.ts";
import type { Bits } from "./cell.ts";
import { compileSpec } from "./compile-spec.ts";
import { keyOf } from "./key.ts";
import type { Subject } from "./subject.ts";

const [entry, seed] = ["Fashion", 1];
const { trainingImages } = usualSettings;
const clothes = once(() => readClothes(usualSettings));

/** The demo's classifier, trained by the demo's recipe on a part of its images; tested on all 10,000. */
export function demoClassifier(bits: Bits): Subject {
  const policy = { call: `RepQ(${bits})`, spec: demoSpec };
  const program = compileSpec({ spec: demoSpec, entry, policy });
  const float = compileSpec({ spec: demoSpec, entry });
  const branches = compileSpec({ spec: demoSpec, entry, form: "branches" });
  const origin = { recipe: recipeOf("float"), trainingImages, seed };
  const startKey = keyOf([float.train, float.weights, origin]);
  const key = keyOf([startKey, program.train]);
  return {
    program,
    float,
    origin,
    missing: async () => undefined,
    weights: ({ store, place }) =>
      store.weights(`${entry}-${bits}-${key}`, async () => {
        const start = await store.weights(`${entry}-start-${startKey}`, () =>
          trained(float, initialWeights(float, seed), "float", place),
        );
        return trained(program, start, "quantized", place);
      }),
    inputs: async () => [{ program, branches, input: await wholeInput((await clothes()).test) }],
  };
}

function recipeOf(stage: "float" | "quantized") {
  const { host, entry: file } = createHost({ folder: packageRoot, entry: demoSpec });
  const { recipe, diagnostics } = compileRecipe({ file, recipe: "Demo" }, host);
  if (!recipe || diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  return runtimeRecipe(recipe, stage, seed);
}

async function trained(
  program: Program,
  weights: HostWeights,
  stage: "float" | "quantized",
  { signal, onStep }: TrainingPlace,
): Promise<HostWeights> {
  const result = await train({
    program,
    recipe: recipeOf(stage),
    trainingData: classificationExamples((await clothes()).training),
    weights,
    signal,
    ...(onStep && { onProgress: ({ step, steps, loss }) => onStep(step, steps, loss) }),
  });
  if (!result.finished) throw new CellStopped();
  return result.weights;
}

async function wholeInput(dataset: Dataset): Promise<HostTensor> {
  const options = { batch: dataset.size, random: Random.fromSeed(0), shuffle: false };
  for await (const { images, labels } of batches(dataset, options)) {
    return { shape: [labels.length, ...dataset.shape], data: images.slice() };
  }
  throw new Error("repqc bug: a dataset without images");
}
