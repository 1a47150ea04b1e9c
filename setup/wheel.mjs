import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { PYTHON_OF_WHEEL } from "./plan.mjs";
import { runPip } from "./python.mjs";
import { lastLines, runCommand } from "./run-command.mjs";

/**
 * Downloads a wheel, or finds the one that an earlier run downloaded.
 * @returns {Promise<string>} its path
 */
export async function fetchWheel(python, requirement, folder) {
  mkdirSync(folder, { recursive: true });
  const found = findWheel(folder, requirement);
  if (found !== undefined) return found;
  const version = ["--implementation", "cp", "--python-version", PYTHON_OF_WHEEL];
  const only = ["--no-deps", "--only-binary", ":all:"];
  await runPip(python, ["download", requirement, ...only, ...version, "--dest", folder], requirement); // prettier-ignore
  const wheel = findWheel(folder, requirement);
  if (wheel === undefined) throw new SetupFailure(`pip left no wheel of ${requirement}`);
  return wheel;
}

function findWheel(folder, requirement) {
  const start = `${requirement.replace("==", "-").replace("tensorflow-cpu", "tensorflow_cpu")}-`;
  const name = readdirSync(folder).find((one) => one.startsWith(start) && one.endsWith(".whl"));
  return name === undefined ? undefined : join(folder, name);
}

/** Python's own zip reader: Node has none, and a wheel is too big to read at once. */
const UNPACK = `
import re, shutil, sys, zipfile
from pathlib import Path
wheel, target = sys.argv[1], Path(sys.argv[2])
places = [(re.compile(r"tensorflow/(libtensorflow_(?:cc|framework)\\.so\\.\\d+)$"), target / "lib"),
          (re.compile(r"tensorflow/include/((?:tensorflow/(?:c|core/platform)|(?:xla/)?tsl/(?:c|platform))/.*\\.h)$"), target / "include")]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if re.match(r"[^/]*\\.dist-info/METADATA$", name):
            sys.stdout.write(archive.read(name).decode("utf-8"))
        for pattern, folder in places:
            match = pattern.match(name)
            if match:
                file = folder / match.group(1)
                file.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, open(file, "wb") as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
`;

/**
 * Takes the libraries (into `lib`) and the headers of the C interface (into `include`) out of TensorFlow's wheel.
 * @returns {Promise<string>} the wheel's METADATA
 */
export async function unpackWheel(python, wheel, target) {
  const { code, output, out } = await runCommand(python, ["-c", UNPACK, wheel, target]);
  if (code === 0) return out;
  throw new SetupFailure(
    `${wheel} could not be unpacked`,
    ...lastLines(output, 3),
    "If it is damaged, delete it and run this again.",
  );
}

/** NVIDIA's libraries, where TensorFlow's wheel looks for them: in `nvidia`, beside the folder of its own. */
export async function installCuda(python, requirements, target) {
  const args = ["install", "--no-deps", "--only-binary", ":all:", "--target", target];
  await runPip(python, [...args, ...requirements], "NVIDIA's libraries");
}
