import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { dirname, join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { lastLines, runCommand } from "./run-command.mjs";

/** The interface of Node's addons that tfjs-node is built for; every Node that repqc runs on has it. */
const NODE_API = 8;

const network = "Give npm access to its registry and run this again.";

/**
 * The npm package without its addon, and what it needs beside TensorFlow.js itself: that it must share with everybody, and finds above its folder.
 * @param {{ name: string, version: string }} wanted
 * @param {string} folder gets `node_modules`
 * @returns {Promise<string>} the package's folder
 */
export async function installPackage({ name, version }, folder) {
  mkdirSync(folder, { recursive: true });
  // Kept from taking this folder for a part of the package above.
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const pack = ["pack", `${name}@${version}`, "--silent", "--pack-destination", folder];
  await npm(pack, folder, `${name}@${version}`);
  const archive = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw new SetupFailure(`npm left no archive of ${name}`, network);
  await must("tar", ["xzf", archive], folder, `${archive} could not be unpacked`);
  rmSync(join(folder, archive));
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package/package.json"), "utf8"));
  const others = Object.entries(dependencies).filter(([one]) => !one.startsWith("@tensorflow/"));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--silent"];
  const names = others.map(([one, range]) => `${one}@${range}`);
  await npm(["install", "--prefix", folder, ...quiet, ...names], folder, "its dependencies");
  const target = join(folder, "node_modules", name);
  mkdirSync(dirname(target), { recursive: true });
  renameSync(join(folder, "package"), target);
  return target;
}

async function npm(args, folder, what) {
  const own = process.env.npm_execpath;
  const [program, before] = own?.endsWith(".js") ? [process.execPath, [own]] : ["npm", []];
  const { code, output, isMissing } = await runCommand(program, [...before, ...args], {
    cwd: folder,
  });
  if (isMissing) throw new SetupFailure("There is no npm here", "It comes with Node.");
  if (code !== 0) throw new SetupFailure(`npm could not get ${what}`, ...lastLines(output), network); // prettier-ignore
}

async function must(program, args, cwd, reason) {
  const { code, output } = await runCommand(program, args, { cwd });
  if (code !== 0) throw new SetupFailure(reason, ...lastLines(output));
}

/** @throws SetupFailure where the addon could not be compiled, before anything is downloaded */
export async function requireCompiler() {
  for (const program of ["make", process.env.CXX ?? "g++"]) {
    const { isMissing, code } = await runCommand(program, ["--version"]);
    if (!isMissing && code === 0) continue;
    throw new SetupFailure(
      `There is no ${program}, which compiles the addon`,
      "Install a C++ compiler and make (Debian, Ubuntu: apt-get install build-essential).",
    );
  }
}

/** Compiles the addon against `deps/lib` and `deps/include` of the package; what it links it finds by its own place. */
export async function compileAddon(packageFolder, python) {
  const definitions = {
    module_name: "tfjs_binding",
    module_path: `./lib/napi-v${NODE_API}`,
    napi_build_version: NODE_API,
  };
  const variables = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  const args = ["rebuild", ...headersOfNode(), ...(python ? ["--python", python] : [])];
  const { code, output } = await runCommand(
    process.execPath,
    [findNodeGyp(), ...args, "--", ...variables],
    { cwd: packageFolder },
  );
  if (code !== 0) {
    throw new SetupFailure(
      "The addon could not be compiled",
      "What node-gyp said last:",
      ...lastLines(output, 15),
    );
  }
  rmSync(join(packageFolder, "build"), { recursive: true, force: true });
}

/** npm brings a node-gyp, and tells the scripts it runs where. */
function findNodeGyp() {
  const beside = join(dirname(process.execPath), "../lib/node_modules/npm/node_modules/node-gyp");
  const candidates = [process.env.npm_config_node_gyp, join(beside, "bin/node-gyp.js")];
  const found = candidates.find((file) => file && existsSync(file));
  if (found) return found;
  throw new SetupFailure("There is no node-gyp", "Run this by npm: npm run setup:tensorflow.");
}

/** Node's headers, where they stand beside this Node; otherwise node-gyp downloads them. */
function headersOfNode() {
  const prefix = dirname(dirname(process.execPath));
  const isThere = existsSync(join(prefix, "include/node/node_api.h"));
  return isThere ? ["--nodedir", prefix] : [];
}
