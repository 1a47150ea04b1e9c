import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupFailure } from "./failure.mjs";
import { lastLines, runCommand } from "./run-command.mjs";

const smokeTest = fileURLToPath(new URL("smoke-test.mjs", import.meta.url));

/** The newest Node that this was tried with. */
const TRIED = 24;

/**
 * Computes a gradient with an engine, in a process of its own: a library that does not fit may take its process down.
 * @param {string} folder the engine @param {string} root the package that will use it
 * @returns {Promise<{ tensorflow: string, usesGpu: boolean }>}
 */
export async function tryEngine(folder, name, root) {
  const file = join(folder, "node_modules", name, "dist", "index.js");
  const args = [smokeTest, file, join(root, "package.json")];
  const { code, signal, output, out } = await runCommand(process.execPath, args);
  if (code === 0) return JSON.parse(out.trim().split("\n").at(-1));
  throw new SetupFailure(...explainFailure({ signal, output }));
}

/** @returns {[string, ...string[]]} a reason, and what to do */
export function explainFailure({ signal, output }, version = process.versions.node) {
  const said = ["What it said last:", ...lastLines(output)];
  if (signal === "SIGILL") {
    return [
      "The engine was built, but this processor lacks instructions that TensorFlow's library uses (AVX)",
      "Build TensorFlow's C library for this processor and name its folder with --from.",
    ];
  }
  if (Number.parseInt(version, 10) > TRIED) {
    return [
      `The engine was built, but does not run on Node ${version}, which is newer than this was tried with`,
      `Use Node 20 to ${TRIED}.`,
      ...said,
    ];
  }
  if (/GLIBC(XX)?_/.test(output)) {
    return [
      "The engine was built, but TensorFlow's library wants a newer Linux than this",
      "Use a newer system, or build TensorFlow's C library here and name its folder with --from.",
      ...said,
    ];
  }
  const how = signal === null ? "" : ` (it ended with ${signal})`;
  return [`The engine was built, but does not compute${how}`, ...said];
}
