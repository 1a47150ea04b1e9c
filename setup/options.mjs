import { parseArgs } from "node:util";
import { UsageMistake } from "./failure.mjs";

export const USAGE = `npm run setup:tensorflow -- [--gpu] [--from FOLDER] [--python EXE] [--force]

Builds the native engine of TensorFlow.js (tfjs-node) against a libtensorflow that pip has, into .tensorflow/ of this folder.

  --gpu           with CUDA, for an NVIDIA card (about 3 GB to download); without a card it computes on the CPU
  --from FOLDER   against your own libtensorflow: a folder with lib/ and include/, or Python's folder "tensorflow"
  --python EXE    this Python's pip; otherwise $PYTHON, python3 or python
  --force         builds again what is there`;

/** @param {string[]} args @throws UsageMistake */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        gpu: { type: "boolean", default: false },
        from: { type: "string" },
        python: { type: "string" },
        force: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageMistake(error.message, { cause: error });
  }
}
