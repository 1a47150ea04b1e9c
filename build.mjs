/**
 * Bundles the command line into dist/, so that it starts quickly, with the plugin for prettier, and puts it on the path of `npx repqc` in this checkout.
 * Run by `npm ci` and `npm install` (script `prepare`), or by hand: `node build.mjs`. With a folder as argument the bundle goes there and
 * nothing else is touched; with `--bench` the bench and what makes docs/results.md and docs/verdicts.md are bundled too, by themselves, so
 * that nothing of theirs is in the package. With `--types`, as in script `prepack`, the library's declarations are written beside it.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(new URL("package.json", import.meta.url), "utf8"),
);

/** Small enough, and needed by most commands: bundled, since reading a package of many files is what makes a start slow. */
const BUNDLED = ["chevrotain", "commander", "picocolors"];

const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: "esm",
  // What may be missing is never bundled: with it would come another copy of TensorFlow.js.
  external: Object.keys({ ...dependencies, ...optionalDependencies }).filter(
    (name) => !BUNDLED.includes(name),
  ),
  // Prettier is external, but what prints an expression is small and needed by most commands.
  alias: { "prettier/doc": "./node_modules/prettier/doc.mjs" },
  // Less to read at every start; names stay, so that a stack still says where.
  minifyWhitespace: true,
  minifySyntax: true,
  // Flat: package-root.ts counts on lying one level below the package.
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
};

/** What a bundler made before. Types stay: npm runs `prepare` once more behind `prepack`. */
function clean(folder) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((one) => one !== "types")) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

const program = {
  cli: "cli/main.ts",
  index: "index.ts",
  node: "node.ts",
  prettier: "grammar/prettier.ts",
  "image-worker": "cli/image-worker.ts",
  "self-test": "cli/doctor/self-test-process.ts",
};

/** Named, chunks and all, in package.json as what is not shipped. */
const benches = {
  bench: "bench/main.ts",
  results: "bench/results.ts",
  "engine-process": "bench/engines/engine-process.ts",
  verdicts: "bench/verdicts.ts",
};

async function bundle(folder, entryPoints, chunkNames = common.chunkNames) {
  await build({
    ...common,
    entryPoints,
    chunkNames,
    outdir: folder,
    platform: "node",
    target: "node20",
    // CommonJS packages inside the bundle ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
}

/** The library once more, for bundlers of pages: package.json names it under the condition `browser`. */
async function bundleForBrowsers(folder) {
  const entryPoints = { index: "index.ts" };
  await build({ ...common, entryPoints, outdir: folder, platform: "browser", target: "es2022" });
}

/** What TypeScript knows of the library and the plugin. */
function declare(folder) {
  const place = mkdtempSync(join(root, ".types-"));
  rmSync(join(folder, "types"), { recursive: true, force: true });
  try {
    const compilerOptions = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: join(folder, "types"),
    };
    const files = ["index.ts", "node.ts", "grammar/prettier.ts"].map((file) => join(root, file));
    const config = { extends: "../tsconfig.json", compilerOptions, include: [], files };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [compiler, "-p", place], { stdio: "inherit" });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** npm links the programs of dependencies, but not a package's own; without a link `npx repqc` would ask the registry. */
function linkForNpx() {
  const link = new URL("node_modules/.bin/repqc", import.meta.url);
  try {
    mkdirSync(new URL(".", link), { recursive: true });
    rmSync(link, { force: true });
    if (process.platform === "win32") {
      writeFileSync(new URL(`${link}.cmd`), '@node "%~dp0\\..\\..\\cli\\bin.js" %*\r\n');
    } else symlinkSync("../../cli/bin.js", link);
  } catch (error) {
    console.warn(`npx repqc is not linked (${error.code}); node cli/bin.js does the same`);
  }
}

const args = process.argv.slice(2);
const elsewhere = args.find((arg) => !arg.startsWith("--"));
const folder = resolve(elsewhere ?? fileURLToPath(new URL("dist", import.meta.url)));
clean(folder);
await bundle(folder, program);
if (args.includes("--bench")) await bundle(folder, benches, "bench-[name]-[hash]");
await bundleForBrowsers(resolve(folder, "browser"));
if (args.includes("--types")) declare(folder);
const isInstalled = existsSync(new URL("node_modules", import.meta.url));
if (elsewhere === undefined && isInstalled) linkForNpx();
