import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SetupFailure } from "./failure.mjs";

/**
 * Puts links to a libtensorflow of the user's own where the addon looks for it: `lib`, `include`, and `nvidia` where it stands beside.
 * @param {string} from a folder with `lib` and `include` (TensorFlow's own archive), or with both in one (Python's package)
 * @param {string} target
 */
export function linkOwnLibrary(from, target) {
  const folder = resolve(from);
  const places = [join(folder, "lib"), folder];
  const lib = places.find((place) => libraryIn(place) !== undefined);
  const include = join(folder, "include");
  if (lib === undefined || !existsSync(join(include, "tensorflow", "c", "c_api.h"))) {
    throw new SetupFailure(
      `There is no libtensorflow with its headers in ${folder}`,
      "It should have include/tensorflow/c/c_api.h and lib/libtensorflow.so.2 (TensorFlow's archive for C), or libtensorflow_cc.so.2 (Python's package).",
    );
  }
  mkdirSync(join(target, "lib"), { recursive: true });
  for (const name of readdirSync(lib).filter((one) => one.startsWith("libtensorflow"))) {
    symlinkSync(realpathSync(join(lib, name)), join(target, "lib", name));
  }
  symlinkSync(realpathSync(include), join(target, "include"));
  const nvidia = join(dirname(folder), "nvidia");
  if (existsSync(nvidia)) symlinkSync(realpathSync(nvidia), join(target, "nvidia"));
}

/** The names by which the addon's recipe links: without a version. @param {string} lib a folder of libraries */
export function nameForLinker(lib) {
  const names = [
    ["libtensorflow.so", libraryIn(lib)],
    ["libtensorflow_framework.so", versionOf(lib, "libtensorflow_framework.so")],
  ];
  for (const [name, file] of names) {
    if (file === undefined) throw new SetupFailure(`There is no ${name} in ${lib}`);
    if (!existsSync(join(lib, name))) symlinkSync(file, join(lib, name));
  }
}

/** TensorFlow's C interface: the library made for it, or that of Python's package. */
function libraryIn(folder) {
  return versionOf(folder, "libtensorflow.so") ?? versionOf(folder, "libtensorflow_cc.so");
}

/** `libtensorflow.so.2` rather than `libtensorflow.so.2.9.1`: the former is the name that it is asked for when it runs. */
function versionOf(folder, name) {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((one) => one === name || one.startsWith(`${name}.`));
  return names.toSorted((a, b) => a.length - b.length).find((one) => one !== name) ?? names[0];
}
