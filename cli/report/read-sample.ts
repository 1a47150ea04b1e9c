import type { ImageDecoder } from "../../runtime/data/index.ts";
import { CorruptFile, FileProblem, joinPath } from "../../runtime/files.ts";
import { Random } from "../../runtime/random.ts";
import { readSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import { dataHost } from "../data-host.ts";
import { fileHost } from "../file-host.ts";
import { shapeText } from "../runtime-mistake.ts";
import { openData } from "../train/open-data.ts";
import { examplesFor } from "../train/run-examples.ts";
import { UserMistake } from "../user-mistake.ts";
import type { RunFolder } from "./read-run-folder.ts";

/** Inputs on which activations are looked at. */
export interface Sample {
  /** [images, height, width, channels]. */
  readonly input: HostTensor;
  /** "the first 64 images of Fashion-MNIST, test part". */
  readonly source: string;
}

/** A file of the run's folder with one tensor `input`; it goes before the data. */
const sampleFile = "samples.safetensors";
/** Images, or fewer where they are large: so many positions. */
const mostImages = 64;
const mostPositions = 1 << 20;

/**
 * The run's sample, or the first images of its data; nothing where both are gone.
 * @throws CorruptFile where the sample is none
 */
export async function readSample(
  folder: string,
  run: RunFolder,
  terminalFolder: string,
  decoder: ImageDecoder,
): Promise<Sample | undefined> {
  const host = fileHost(terminalFolder);
  const file = joinPath(folder, sampleFile);
  if (await host.exists(file)) return savedSample(await host.read(file), file, run);
  try {
    return await firstImages(run, terminalFolder, decoder);
  } catch (error) {
    if (error instanceof UserMistake || error instanceof FileProblem) return undefined;
    throw error;
  }
}

function savedSample(bytes: Uint8Array, file: string, { program }: RunFolder): Sample {
  const input = readSafetensors(bytes, file).tensors.get("input");
  const help = "Remove it: the run's data is used then.";
  if (!input) throw new CorruptFile(file, "has no tensor `input`", help);
  const [count = 0, ...shape] = input.shape;
  const expected = shapeText(["N", ...program.input.shape]);
  if (count === 0 || shape.join() !== program.input.shape.join()) {
    const problem = `has an \`input\` of ${shapeText(input.shape)}, and the model's is ${expected}`;
    throw new CorruptFile(file, problem, help);
  }
  return { input, source: `the ${count} images in ${sampleFile}` };
}

async function firstImages(
  { asked, program }: RunFolder,
  folder: string,
  decoder: ImageDecoder,
): Promise<Sample | undefined> {
  const data = await openData(dataHost(folder), asked);
  const { training, test } = examplesFor(program, data, decoder);
  const [height = 1, width = 1] = program.input.shape;
  const batch = Math.max(1, Math.min(mostImages, Math.floor(mostPositions / (height * width))));
  // Whole photographs differ in size, and what a model was compiled for is one size.
  const examples = test && test.target.kind === "labels" ? test : training;
  const random = Random.fromSeed(asked.seed).fork("report");
  for await (const { inputs, inputShape, count } of examples.pass({
    batch,
    random,
    shuffle: false,
  })) {
    const input = { shape: [count, ...inputShape], data: inputs.slice() };
    return { input, source: `the first ${count} images of ${examples.name}` };
  }
  return undefined;
}
