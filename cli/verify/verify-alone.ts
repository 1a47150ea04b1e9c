import { sliceExamples } from "../../runtime/integer/index.ts";
import { verifyOnnxAlone } from "../../runtime/verify/index.ts";
import { readTensor } from "../run/read-tensors.ts";
import { foreign, type GivenModel } from "./given-model.ts";
import { inputsOf } from "./open-inputs.ts";
import type { Verified } from "./verified.ts";

const noRun = "no run is in its folder or the one above";

/**
 * Without what was trained there is no reference: the levels of onnxruntime are compared with each other.
 * @throws UserMistake where not even that tells anything
 */
export async function verifyAlone(
  given: GivenModel,
  { input, inputs: count }: { readonly input?: string; readonly inputs?: number },
  folder: string,
): Promise<Verified> {
  const { form, name, sha256, files, contents, entry, source, policy } = given;
  if (form.name !== "onnx") throw foreign(name, noRun, "name the run with `--run RUN`");
  if (input === undefined || policy === undefined) {
    const about = "of a file in floating point alone nothing can be told";
    const hint =
      "name the run with `--run RUN`; or give `--input FILE`, to compare onnxruntime's levels alone";
    throw foreign(name, policy === undefined ? `${noRun}, and ${about}` : noRun, hint);
  }
  if (!contents.inputShape) {
    throw foreign(name, "it has not one input whose sizes, but for the batch, are all fixed");
  }
  const [channels = 1, height, width] = contents.inputShape;
  const shape =
    height === undefined || width === undefined ? [channels] : [height, width, channels];
  const tensor = readTensor(folder, input, "input");
  const { size = 0 } = inputsOf({ input: { name: "input", shape } }, tensor, input);
  const wanted = Math.min(count ?? size, size);
  const [bytes = new Uint8Array()] = files.values();
  return {
    model: { entry, source, policy },
    file: { name, engine: form.engine, sha256 },
    inputs: { name: `\`${input}\``, size, wanted, isOutOfTime: false },
    backend: "onnxruntime alone",
    verification: await verifyOnnxAlone(bytes, sliceExamples(tensor, 0, wanted)),
    notes: [`whether ${name} is what was trained was not verified: ${noRun}, see \`--run\``],
  };
}
