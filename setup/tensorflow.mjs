/**
 * `npm run setup:tensorflow`: makes the backend `tensorflow` where npm could not install it. Plain Node, since it runs before anything is built.
 * Exit codes: 0 the engine is there, 1 something on this machine is in the way, 2 wrong usage.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildEngine, readEngine } from "./build-engine.mjs";
import { SetupFailure, UsageMistake } from "./failure.mjs";
import { folderSize } from "./folder-size.mjs";
import { USAGE, readOptions } from "./options.mjs";
import { describeEngine, isSameEngine, makePlan } from "./plan.mjs";
import { tryEngine } from "./try-engine.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, ".tensorflow");

async function setUp(args) {
  const options = readOptions(args);
  if (options.help) return void console.log(USAGE);
  const plan = makePlan(options, thisMachine());
  const version = versionOfTensorFlowJs();
  const place = join(folder, plan.engine);
  const isThere = isSameEngine(readEngine(place), describeEngine(plan, version));
  if (isThere && !options.force && (await stillComputes(place, plan.name))) return;
  const start = performance.now();
  const say = (text) => console.log(`${seconds(start).padStart(5)}  ${text}`);
  const found = await buildEngine({ ...options, plan, version, folder, root }, say);
  const size = (folderSize(place) / 1e6).toFixed(0);
  console.log(`${seconds(start).padStart(5)}  done: ${describe(found, place)}, ${size} MB`);
  if (options.gpu && !found.usesGpu) console.log(noGpu);
}

const noGpu = `TensorFlow sees no NVIDIA card here: the engine computes on the CPU until it does. It needs NVIDIA's driver 525 or later
(nvidia-smi names it). TF_CPP_MIN_LOG_LEVEL=0 npx repqc doctor shows what TensorFlow says about it.`;

/** An engine that is there may have stopped working: another Node, another system. */
async function stillComputes(place, name) {
  try {
    const found = await tryEngine(place, name, root);
    console.log(`It is there: ${describe(found, place)}. --force builds it again.`);
    return true;
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    console.log(`${error.message}\nIt is built again.`);
    return false;
  }
}

function describe({ tensorflow, usesGpu }, place) {
  return `TensorFlow ${tensorflow} on ${usesGpu ? "a GPU" : "the CPU"}, in ${place}`;
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(0)} s`;
}

function thisMachine() {
  const { platform, arch } = process;
  return { platform, arch, glibc: process.report.getReport().header.glibcVersionRuntime };
}

/** The one whose engine is built must be the one that repqc imports. */
function versionOfTensorFlowJs() {
  const require = createRequire(join(root, "package.json"));
  try {
    return require("@tensorflow/tfjs/package.json").version;
  } catch (error) {
    throw new SetupFailure("@tensorflow/tfjs is not installed", "Run npm ci first.", error.message);
  }
}

try {
  await setUp(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageMistake) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else if (error instanceof SetupFailure) {
    console.error(`TensorFlow was not set up. ${error.message}`);
    process.exitCode = 1;
  } else throw error;
}
