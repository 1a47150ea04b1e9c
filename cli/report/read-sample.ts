import type { ImageDecoder } from "../../runtime/data/index.ts";
import { CorruptFile, FileProblem, joinPath } from "../../runtime/files.ts";
import { readSafetensors } from "../../runtime/safetensors.ts";
import { dataHost } from "../data-host.ts";
import { fileHost } from "../file-host.ts";
import { shapeText } from "../runtime-mistake.ts";
import { openData } from "../train/open-data.ts";
import { examplesFor } from "../train/run-examples.ts";
import { runFiles } from "../train/run-record.ts";
import { sampleInputs, type Sample } from "../train/sample-inputs.ts";
import { UserMistake } from "../user-mistake.ts";
import type { RunFolder } from "./read-run-folder.ts";

/**
 * The sample that training saved, or where there is none the first images of the run's data; nothing where both are gone.
 * @throws CorruptFile where the sample is none
 */
export async function readSample(
  folder: string,
  run: RunFolder,
  terminalFolder: string,
  decoder: ImageDecoder,
): Promise<Sample | undefined> {
  const host = fileHost(terminalFolder);
  const file = joinPath(folder, runFiles.sample);
  if (await host.exists(file)) return savedSample(await host.read(file), file, run);
  const { asked, program } = run;
  try {
    const data = await openData(dataHost(terminalFolder), asked);
    return await sampleInputs(program, examplesFor(program, data, decoder), asked.seed);
  } catch (error) {
    if (error instanceof UserMistake || error instanceof FileProblem) return undefined;
    throw error;
  }
}

function savedSample(bytes: Uint8Array, file: string, { program }: RunFolder): Sample {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const input = tensors.get("input");
  const help = "Remove it: the run's data is used then.";
  if (!input) throw new CorruptFile(file, "has no tensor `input`", help);
  const [count = 0, ...shape] = input.shape;
  const expected = shapeText(["N", ...program.input.shape]);
  if (count === 0 || shape.join() !== program.input.shape.join()) {
    const problem = `has an \`input\` of ${shapeText(input.shape)}, and the model's is ${expected}`;
    throw new CorruptFile(file, problem, help);
  }
  return { input, source: metadata.get("source") ?? `the ${count} images in ${runFiles.sample}` };
}
