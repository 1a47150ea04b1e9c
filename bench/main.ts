/**
 * `npm run bench`, or one section of it: `npm run bench -- --only compile`. Prints medians; asserts nothing.
 */
import { readOptions, type BenchOptions } from "./options.ts";

/** Every section by its name, loaded where it runs: a process that only compiles has no engine in its memory. */
const sections: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  compile: async () => (await import("./compile.ts")).measureCompile(),
  check: async () => (await import("./processes.ts")).measureCheck(),
  prove: async () => (await import("./processes.ts")).measureProve(),
  statistics: async (options) =>
    (await import("./statistics-error.ts")).measureStatisticsError(options),
  blocks: async (options) => (await import("./forms.ts")).measureBlocks(options),
  deployed: async (options) => (await import("./deployed.ts")).measureDeployed(options),
  engines: async (options) =>
    (await import("./engines/measure-engines.ts")).measureEngines(options),
  memory: async (options) => (await import("./memory/measure-memory.ts")).measureMemory(options),
  step: async (options) => (await import("./forms.ts")).measureForms(options),
};

const options = readOptions(process.argv.slice(2));
const names = Object.keys(sections);
const stranger = options.only.find((name) => !names.includes(name));
if (stranger !== undefined) {
  console.error(`there is no section ${stranger}; there are ${names.join(", ")}`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(sections)) {
  if (options.only.length > 0 && !options.only.includes(name)) continue;
  await measure(options);
  console.log();
}
process.exit(0);
