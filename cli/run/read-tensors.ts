import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { readSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { filesIn } from "../files.ts";
import { shapeText } from "../runtime-mistake.ts";
import { UserMistake } from "../user-mistake.ts";

/** All tensors of a safetensors file. @throws UserMistake (no such file), CorruptFile */
export function readTensors(folder: string, file: string): HostWeights {
  return readSafetensors(filesIn(folder).readBytes(file), file).tensors;
}

/**
 * The tensor of a name, or the only one of its file.
 * @throws UserMistake (no such file, several tensors and none of that name), CorruptFile
 */
export function readTensor(folder: string, file: string, name: string): HostTensor {
  const tensors = readTensors(folder, file);
  const [only, ...others] = tensors.values();
  const tensor = tensors.get(name) ?? (others.length === 0 ? only : undefined);
  if (tensor !== undefined) return tensor;
  const found = tensors.size === 0 ? "no tensor" : `only ${[...tensors.keys()].join(", ")}`;
  const help = `call the tensor \`${name}\` in \`${file}\`, which has ${found}`;
  throw new UserMistake(diagnostic("config/missing-input", undefined, { name }, { help }));
}

/** How a tensor is called, and where it is from. */
interface Origin {
  readonly name: string;
  readonly file: string;
}

/** Checks that a tensor is NHWC, without empty dimensions. @throws UserMistake */
export function requireMap({ shape }: HostTensor, origin: Origin): void {
  if (shape.length === 4 && shape.every((size) => size > 0)) return;
  const help = "give a tensor of four dimensions, none of them empty";
  throw wrongShape(shape, ["batch", "height", "width", "channels"], origin, help);
}

/**
 * Checks a tensor against [batch, ...wanted] and that its numbers are finite.
 * @param batch any where it is left out
 * @throws UserMistake
 */
export function requireShape(
  { shape, data }: HostTensor,
  wanted: readonly number[],
  origin: Origin,
  batch?: number,
): void {
  const [examples, ...rest] = shape;
  const hasBatch = batch === undefined || examples === batch;
  const fits = hasBatch && rest.length === wanted.length && rest.every((n, i) => n === wanted[i]);
  if (!fits) {
    const help =
      batch === undefined
        ? "give a tensor of that shape, or another height and width to `--input-shape`"
        : "give a tensor of the output's shape";
    throw wrongShape(shape, [batch ?? "batch", ...wanted], origin, help);
  }
  const at = data.findIndex((number) => !Number.isFinite(number));
  if (at < 0) return;
  const { name, file } = origin;
  const problem = `tensor \`${name}\` holds ${data[at]} at position ${at}`;
  throw new UserMistake(diagnostic("artefact/corrupt", undefined, { file, problem }));
}

function wrongShape(
  shape: readonly number[],
  wanted: readonly (number | string)[],
  { name, file }: Origin,
  help: string,
): UserMistake {
  const found = `${shapeText(shape)} in \`${file}\``;
  const parameters = { name, expected: shapeText(wanted), found };
  return new UserMistake(diagnostic("shape/input", undefined, parameters, { help }));
}
