import { resolve } from "node:path";
import { SetupFailure } from "./failure.mjs";

/**
 * The newest TensorFlow that this was tried with. Any from 2.13 on would do: before that a wheel has no C library of its own, only one that
 * wants to live in Python's process.
 */
export const TENSORFLOW = "2.20.0";

/** Wheels are per version of Python, but what is taken out of them is not: one version does for all. */
export const PYTHON_OF_WHEEL = "310";

const ownBinaries =
  "Google has binaries for macOS and Windows: npm install @tensorflow/tfjs-node. Or use the backends webgpu and wasm.";

/**
 * What to build for a machine, before anything is looked for.
 * @param {{ gpu: boolean, from?: string }} options
 * @param {{ platform: string, arch: string, glibc?: string }} machine
 * @throws SetupFailure where no wheel has a libtensorflow for it
 */
export function makePlan(options, machine) {
  requirePlatform(machine, options.gpu);
  const name = options.gpu ? "@tensorflow/tfjs-node-gpu" : "@tensorflow/tfjs-node";
  const engine = name.slice(name.indexOf("/") + 1);
  if (options.from !== undefined)
    return { name, engine, source: resolve(options.from), gigabytes: 0.1 };
  const wheel = options.gpu || machine.arch === "arm64" ? "tensorflow" : "tensorflow-cpu";
  const requirement = `${wheel}==${TENSORFLOW}`;
  return {
    name,
    engine,
    requirement,
    source: options.gpu ? `${requirement} with CUDA` : requirement,
    gigabytes: options.gpu ? 12 : 1.5,
  };
}

function requirePlatform({ platform, arch, glibc }, gpu) {
  if (platform !== "linux") {
    throw new SetupFailure(`This is ${platform}, and the setup knows Linux only`, ownBinaries);
  }
  if (arch !== "x64" && arch !== "arm64") {
    throw new SetupFailure(`TensorFlow has no library for ${arch} processors`);
  }
  if (glibc === undefined) {
    throw new SetupFailure(
      "This Linux has no glibc (Alpine, for instance), for which TensorFlow is built",
      "Use an image of Debian, Ubuntu or Fedora, or the backend wasm.",
    );
  }
  if (gpu && arch !== "x64") {
    throw new SetupFailure("TensorFlow's wheels have CUDA for x86-64 only", ownBinaries);
  }
}

/**
 * NVIDIA's packages that a wheel asks for by its extra `and-cuda`, as pip takes them.
 * @param {string} metadata the wheel's file METADATA
 */
export function cudaRequirements(metadata) {
  return [...metadata.matchAll(/^Requires-Dist: ([^;\n]+);([^\n]*)$/gm)]
    .filter(([, , marker]) => /extra\s*==\s*['"]and-cuda['"]/.test(marker))
    .map(([, requirement]) => requirement.trim().replace(/\s*\(([^)]*)\)$/, "$1"));
}

/** What stands in an engine's `setup.json`, by which a later run knows it. */
export function describeEngine(plan, version) {
  return { package: `${plan.name}@${version}`, source: plan.source };
}

/** Whether an engine that is there is the one that is wanted. */
export function isSameEngine(found, wanted) {
  return found?.package === wanted.package && found?.source === wanted.source;
}
