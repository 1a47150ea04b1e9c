import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs"; // prettier-ignore
import { join } from "node:path";
import { compileAddon, installPackage, requireCompiler } from "./addon.mjs";
import { SetupFailure } from "./failure.mjs";
import { linkOwnLibrary, nameForLinker } from "./library.mjs";
import { cudaRequirements, describeEngine } from "./plan.mjs";
import { findPython } from "./python.mjs";
import { tryEngine } from "./try-engine.mjs";
import { fetchWheel, installCuda, unpackWheel } from "./wheel.mjs";

/**
 * Builds an engine aside and puts it in its place when it has computed something; whatever stood there works until then.
 * @param {{ plan: object, version: string, folder: string, root: string, python?: string, from?: string, gpu: boolean }} wanted
 *   `version` of TensorFlow.js; `folder` is `.tensorflow`
 * @param {(text: string) => void} say
 */
export async function buildEngine(wanted, say) {
  const { plan, version, folder, root } = wanted;
  await requireCompiler();
  const python = wanted.from === undefined ? await findPython(wanted.python) : wanted.python;
  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder);
  requireSpace(folder, plan.gigabytes);
  const building = join(folder, `${plan.engine}.building-${process.pid}`);
  try {
    const deps = join(building, "deps");
    mkdirSync(deps, { recursive: true });
    if (wanted.from === undefined) await bringLibrary({ ...wanted, python }, deps, say);
    else linkOwnLibrary(wanted.from, deps);
    nameForLinker(join(deps, "lib"));
    say(`getting ${plan.name}@${version} from npm`);
    const packageFolder = await installPackage({ name: plan.name, version }, building);
    renameSync(deps, join(packageFolder, "deps"));
    say("compiling the addon");
    await compileAddon(packageFolder, python);
    rmSync(join(packageFolder, "deps", "include"), { recursive: true, force: true });
    say("trying a gradient");
    const found = await tryEngine(building, plan.name, root);
    writeFileSync(
      join(building, "setup.json"),
      `${JSON.stringify({ ...describeEngine(plan, version), ...found }, null, 2)}\n`,
    );
    putInPlace(building, join(folder, plan.engine));
    // Only now: until an engine stands, another try needs no second download.
    rmSync(join(folder, "downloads"), { recursive: true, force: true });
    return found;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

async function bringLibrary({ plan, python, gpu, folder }, deps, say) {
  say(`getting ${plan.requirement} from pip`);
  const wheel = await fetchWheel(python, plan.requirement, join(folder, "downloads"));
  say("taking TensorFlow's library out of its wheel");
  const metadata = await unpackWheel(python, wheel, deps);
  if (!gpu) return;
  const requirements = cudaRequirements(metadata);
  if (requirements.length === 0) {
    throw new SetupFailure(`${plan.requirement} names no CUDA libraries of its own`);
  }
  say(`getting ${requirements.length} packages of NVIDIA from pip (CUDA, cuDNN)`);
  await installCuda(python, requirements, deps);
}

/** What an earlier run left that ended before its time. */
function removeAbandoned(folder) {
  for (const name of readdirSync(folder)) {
    const owner = /\.(?:building|old)-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function requireSpace(folder, gigabytes) {
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  if (free >= gigabytes) return;
  throw new SetupFailure(
    `This needs ${gigabytes} GB of disk, and ${free.toFixed(1)} GB are free`,
    `Free some space in ${folder} and run this again.`,
  );
}

/** A process that has the old engine open keeps its files until it ends. */
function putInPlace(building, place) {
  const old = `${place}.old-${process.pid}`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(building, place);
  rmSync(old, { recursive: true, force: true });
}

/** What an engine says of itself; undefined where there is none, or none that is whole. */
export function readEngine(place) {
  try {
    return JSON.parse(readFileSync(join(place, "setup.json"), "utf8"));
  } catch {
    return undefined;
  }
}
