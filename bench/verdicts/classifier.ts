import type { Program } from "../../compiler/ir/index.ts";
import { existsSync } from "node:fs";
import { imageFolderExamples, type Examples, type ImageFolder } from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { decodeHere, photographFiles } from "../results/photographs.ts";
import type { Bits } from "./cell.ts";
import { compileSpec } from "./compile-spec.ts";
import { withSteps } from "./first-weights.ts";
import { keyOf } from "./key.ts";
import type { Subject } from "./subject.ts";
import { trainedLikeWeights } from "./trained-like.ts";

/** A network for ImageNet's 1,000 classes that nobody has trained here. */
export interface BigClassifier {
  readonly spec: string;
  readonly entry: string;
  /** Spec of its policy `RepQ(bits)`. */
  readonly policies: string;
}

/** With 1,000 outputs each: 100,000 numbers to compare. */
const testCrops = 100;
/** To measure statistics, and first steps, with. */
const [statisticCrops, stepCrops] = [48, 8];

/** The network with weights like trained ones, and crops of photographs as its inputs. */
export function bigClassifier({ spec, entry, policies }: BigClassifier, bits: Bits): Subject {
  const program = compileSpec({ spec, entry, policy: { call: `RepQ(${bits})`, spec: policies } });
  const float = compileSpec({ spec, entry });
  const branches = compileSpec({ spec, entry, form: "branches" });
  const startName = `${entry}-start-${keyOf([float.train, float.weights, statisticCrops])}`;
  return {
    program,
    float,
    origin: { testCrops, statisticCrops, stepCrops },
    missing: async () => {
      const file = photographFiles().find((path) => !existsSync(path));
      return file === undefined ? undefined : `there is no ${file}`;
    },
    weights: async ({ store }) => {
      const start = await store.weights(startName, () =>
        trainedLikeWeights(float, crops(program, statisticCrops), 1),
      );
      return withSteps(program, start, await inputOf(crops(program, stepCrops), 2));
    },
    inputs: async () => [{ program, branches, input: await inputOf(crops(program, testCrops), 3) }],
  };
}

/** Random crops of the photographs in turn, normalized as ImageNet's images are. */
function crops({ input: { shape } }: Program, size: number): Examples {
  const [height = 0, width = 0] = shape;
  const files = photographFiles();
  const at = (index: number) => ({ file: files[index % files.length] ?? "", label: 0 });
  const images = { size, at };
  const folder: ImageFolder = {
    folder: "photographs",
    classes: ["photograph"],
    training: images,
    test: images,
  };
  return imageFolderExamples(folder, decodeHere(), { part: "training", size: [height, width] });
}

/** All of a pass as one input; crops differ with the seed. */
async function inputOf(examples: Examples, seed: number): Promise<HostTensor> {
  const random = Random.fromSeed(seed);
  const pass = { batch: examples.size, random, shuffle: false };
  for await (const { inputs, inputShape, count } of examples.pass(pass)) {
    return { shape: [count, ...inputShape], data: inputs.slice() };
  }
  throw new Error("repqc bug: a pass without images");
}
