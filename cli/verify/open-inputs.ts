import type { Program } from "../../compiler/ir/index.ts";
import type { Examples, ImageDecoder } from "../../runtime/data/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { readTensor, requireShape } from "../run/read-tensors.ts";
import { openNamedData } from "../train/open-data.ts";
import { examplesFor } from "../train/run-examples.ts";
import type { Asked } from "../train/run-record.ts";
import { testExamplesFor } from "../train/test-examples.ts";
import { cutToSize } from "./cut-to-size.ts";
import { needs } from "./what-to-verify.ts";

export interface InputChoice {
  readonly input?: string;
  readonly data?: string;
  readonly peak?: number;
}

/** Real inputs for a model. */
export interface Inputs {
  /** "Fashion-MNIST, test part". */
  readonly name: string;
  /** How many there are; absent where photographs are cut into as many as they have room for. */
  readonly size?: number;
  /** [examples, ...] one part after another, in any sizes. */
  readonly parts: AsyncIterable<HostTensor>;
}

/**
 * What the command line names, or what the run was tested on.
 * @throws UserMistake, FileProblem
 */
export async function openInputs(
  program: Program,
  { input: file, data: place, peak }: InputChoice,
  asked: Asked | undefined,
  folder: string,
  decoder: ImageDecoder,
): Promise<Inputs> {
  if (file !== undefined) return inputsOf(program, readTensor(folder, file, "input"), file);
  if (place !== undefined) {
    const { training } = await openNamedData(folder, { data: place });
    const choice = { place, peak: peak ?? asked?.peak };
    return sized(program, testExamplesFor(program, training, choice, decoder));
  }
  if (!asked) {
    const hint = "name a folder of images, or a file with a tensor `input`";
    throw needs("verifying a spec", "`--data DIR` or `--input FILE`", hint);
  }
  const { training, test } = examplesFor(program, await openNamedData(folder, asked), decoder);
  return sized(program, test ?? training);
}

/** @throws UserMistake where the tensor is none for the model */
export function inputsOf(program: Pick<Program, "input">, input: HostTensor, file: string): Inputs {
  requireShape(input, program.input.shape, { name: "input", file });
  async function* whole() {
    yield input;
  }
  return { name: `\`${file}\``, size: input.shape[0] ?? 0, parts: whole() };
}

function sized({ input: { shape } }: Program, examples: Examples): Inputs {
  const hasSize = shape.join() === examples.inputShape.join();
  const isLabelled = examples.target.kind === "labels";
  const name = isLabelled
    ? examples.name
    : `${examples.name}, cut to ${shape.slice(0, 2).join("x")}`;
  const parts = cutToSize(examples, shape, isLabelled ? 64 : 1);
  return { name, parts, ...(isLabelled && hasSize && { size: examples.size }) };
}
